package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/fxamacker/cbor"
)

// Sections 1 and 2 of docs/format.md: what a voucher's bytes mean.

const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var (
	encoder, _ = cbor.CoreDetEncOptions().EncMode()
	decoder, _ = cbor.DecOptions{IndefLength: cbor.IndefLengthForbidden}.DecMode()
	idForm     = regexp.MustCompile(`^[!-~]{1,64}$`)
	uuidForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

type claims struct {
	_     struct{} `cbor:",toarray"`
	Sub   any
	Exp   uint32
	Cti   [8]byte
	Phone *uint16
}

func decodeBase45(text string) []byte {
	need(len(text)%3 != 1, 1, "malformed", "base45")
	data := make([]byte, 0, len(text)*2/3)
	for len(text) > 0 {
		group := text[:min(3, len(text))]
		text = text[len(group):]
		n, weight, size := 0, 1, len(group)-1
		for i := range []byte(group) {
			digit := strings.IndexByte(base45, group[i])
			need(digit >= 0, 1, "malformed", "base45")
			n, weight = n+digit*weight, weight*45
		}
		need(n < 1<<(8*size), 1, "malformed", "base45")
		data = append(data, []byte{byte(n >> 8), byte(n)}[2-size:]...)
	}
	return data
}

func encodeBase45(data []byte) string {
	var text strings.Builder
	for ; len(data) > 1; data = data[2:] {
		n := int(data[0])<<8 | int(data[1])
		text.Write([]byte{base45[n%45], base45[n/45%45], base45[n/2025]})
	}
	if len(data) == 1 {
		text.Write([]byte{base45[data[0]%45], base45[data[0]/45]})
	}
	return text.String()
}

func protected(kind string, kid []byte) []byte {
	return encode(map[int]any{1: -8, 4: kid, 16: "application/vnd.doorproof." + kind + "+cbor"})
}

func toBeSigned(kind string, kid, payload []byte) []byte {
	return encode([]any{"Signature1", protected(kind, kid), []byte{}, payload})
}

func coseSign1(kind string, kid, payload, signature []byte) []byte {
	return encode(cbor.Tag{Number: 18, Content: []any{protected(kind, kid), map[int]any{}, payload, signature}})
}

func encode(item any) []byte {
	data, err := encoder.Marshal(item)
	if err != nil {
		panic(err)
	}
	return data
}

// decode takes deterministic CBOR: decoded, encoded again, compared. The second half catches whatever the decoder lets
// pass: longer heads, items too many or too few, null for a number, bytes that are left over.
func decode(data []byte, item any, step string) {
	need(decoder.Unmarshal(data, item) == nil && bytes.Equal(encode(item), data), 5, "malformed", step)
}

func readPayload(payload []byte) (c claims) {
	decode(payload, &c, "payload")
	need(deliveryID(c.Sub) != "" && (c.Phone == nil || *c.Phone < 4096), 5, "malformed", "payload")
	return c
}

func deliveryID(sub any) string {
	if b, ok := sub.([]byte); ok && len(b) == 16 {
		h := hex.EncodeToString(b)
		return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
	}
	id, ok := sub.(string)
	need(ok && idForm.MatchString(id) && !uuidForm.MatchString(id), 5, "malformed", "payload")
	return id
}

func encodeID(delivery string) any {
	if !uuidForm.MatchString(delivery) {
		return delivery
	}
	b, _ := hex.DecodeString(strings.ReplaceAll(delivery, "-", ""))
	return b
}

func phoneHash(number string) uint16 {
	require(e164.MatchString(number), "not E.164")
	mac := mac256([]byte("doorproof-phone-v1"), []byte(number))
	return uint16(mac[0])<<4 | uint16(mac[1])>>4
}

func mac256(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(bytes.Join(parts, nil))
	return mac.Sum(nil)
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
