package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf8"
)

// What a person types (sections 2 and 3 of docs/format.md), and the seal that a code opens (section 4).

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func deriveCode(secret, kid, cti []byte) string {
	bits := binary.BigEndian.Uint64(mac256(secret, []byte("doorproof-code-v1"), kid, cti))
	code := make([]byte, 9)
	for i := range code {
		code[i] = crockford[bits>>(59-5*i)&31]
	}
	return string(append(code, checkDigit(string(code))))
}

func checkDigit(digits string) byte {
	c := 0
	for _, digit := range digits {
		c = (c ^ strings.IndexRune(crockford, digit)) << 1
		if c&32 != 0 {
			c ^= 0x29
		}
	}
	return crockford[c]
}

func readCode(typed string) string {
	need(isTyped(typed), 0, "code-mistyped", "")
	code := strings.Map(func(c rune) rune {
		switch {
		case c == 'O', c == 'o':
			return '0'
		case c == 'I', c == 'i', c == 'L', c == 'l':
			return '1'
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		}
		return c
	}, fold(typed))
	need(len(code) == 10 && strings.Trim(code, crockford) == "" && checkDigit(code[:9]) == code[9], 0, "code-mistyped", "")
	return code
}

func isTyped(typed string) bool { return utf8.RuneCountInString(typed) <= 64 }

// fold goes by a closed list: what NFKC or a white space is differs from language to language.
func fold(typed string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case isSpace(c) || isHyphen(c):
			return -1
		case c >= 0xff01 && c <= 0xff5e:
			return c - 0xfee0
		}
		return c
	}, typed)
}

func isSpace(c rune) bool {
	return c >= '\t' && c <= '\r' || c == ' ' || c == 0xa0 || c >= 0x2000 && c <= 0x200a || c == 0x202f || c == 0x205f || c == 0x3000
}

func isHyphen(c rune) bool {
	return c == '-' || c == 0xff0d || c >= 0x2010 && c <= 0x2015 || c == 0x2212
}

// readPhone gives the numbers that may be meant, each once.
func readPhone(typed, country string) []string {
	if !isTyped(typed) {
		return []string{}
	}
	said := strings.NewReplacer("(", "", ")", "", ".", "", "/", "").Replace(fold(typed))
	tried := []string{said}
	if !strings.HasPrefix(said, "+") {
		tried = []string{"+" + country + strings.TrimPrefix(said, "0"), "+" + country + said}
	}
	numbers := []string{}
	for i, number := range tried {
		if e164.MatchString(number) && (i == 0 || number != tried[0]) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

type stop struct {
	DeliveryID   string
	Salt, Sealed octets
}

type kdf func(password, salt []byte, n, r, p, keyLen int) ([]byte, error)

// openSeal gives the voucher's bytes. They are read as a scanned voucher's from here on, signature and all.
func openSeal(typed string, s stop, logN int, derive kdf) []byte {
	require(logN >= 15 && logN <= 17, "logN")
	code := readCode(typed)
	key, err := derive([]byte(code), append([]byte("doorproof-seal-v1"), s.Salt...), 1<<logN, 8, 1, 32)
	need(err == nil, 0, "cannot-open", "")
	block, _ := aes.NewCipher(key)
	gcm, _ := cipher.NewGCM(block)
	voucher, err := gcm.Open(nil, make([]byte, 12), s.Sealed, encode([]any{encodeID(s.DeliveryID), logN}))
	need(err == nil, 0, "wrong-code", "")
	need(len(voucher) >= 82 && len(voucher) <= 152, 0, "malformed", "length")
	need(deliveryID(readPayload(voucher[68:]).Sub) == s.DeliveryID, 0, "malformed", "payload")
	return voucher
}
