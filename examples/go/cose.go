package main

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// The COSE_KeySet of section 5. Its labels stand in any order, which an encoder of maps cannot give back: so not decoded
// and encoded again as everything else is, but walked through.

const (
	deepest     = 16
	keySetBytes = 64 << 10
)

func coseKeys(data []byte) (found []octets) {
	need(len(data) <= keySetBytes, 0, "malformed", "keys")
	rest, plain := skipPlain(data, 1)
	var keys []any
	need(plain && len(rest) == 0 && decoder.Unmarshal(data, &keys) == nil && keys != nil, 0, "malformed", "keys")
	areKeys := true
	for _, k := range keys {
		areKeys = areKeys && isCoseKey(k)
		if k, _ := k.(map[any]any); k[uint64(1)] == uint64(1) && k[int64(-1)] == uint64(6) {
			x, _ := k[int64(-2)].([]byte)
			kid, _ := k[uint64(2)].([]byte)
			_, private := k[int64(-4)]
			need(!private && len(x) == 32 && bytes.Equal(kid, thumbprint(x)), 0, "malformed", "keys")
			found = append(found, x)
		}
	}
	// Else it is another array, and no key set at all.
	need(len(found) > 0 || areKeys, 0, "malformed", "keys")
	return found
}

func isCoseKey(item any) bool {
	k, _ := item.(map[any]any)
	switch k[uint64(1)].(type) {
	case uint64, int64, string:
		return true
	}
	return false
}

// skipPlain gives what follows the first item, and whether that item is of what a bare set may be made of.
func skipPlain(data []byte, depth int) (rest []byte, plain bool) {
	major, n, rest, short := head32(data)
	switch {
	case !short:
		return nil, false
	case major <= 1:
		return rest, true
	case major == 2, major == 3:
		if n > len(rest) {
			return nil, false
		}
		text := string(rest[:n])
		return rest[n:], major == 2 || utf8.ValidString(text) && !strings.HasPrefix(text, "\ufeff")
	case major == 7:
		return rest, n >= 20 && n <= 22
	case major == 6 || depth > deepest:
		return nil, false
	}
	seen := map[string]bool{}
	for i, plain := 0, false; i < n; i++ {
		if major == 5 {
			label := rest
			if len(label) == 0 || label[0]>>5 > 3 || label[0]>>5 == 2 {
				return nil, false
			}
			if rest, plain = skipPlain(label, depth); !plain || seen[string(label[:len(label)-len(rest)])] {
				return nil, false
			}
			seen[string(label[:len(label)-len(rest)])] = true
		}
		if rest, plain = skipPlain(rest, depth+1); !plain {
			return nil, false
		}
	}
	return rest, true
}

// head32 reads a head of at most 32 bits in its shortest form.
func head32(data []byte) (major byte, n int, rest []byte, short bool) {
	if len(data) == 0 {
		return 0, 0, nil, false
	}
	major, info := data[0]>>5, data[0]&31
	width := map[byte]int{24: 1, 25: 2, 26: 4}[info]
	switch {
	case info < 24:
		return major, int(info), data[1:], true
	case width == 0 || major == 7 || len(data) <= width:
		return 0, 0, nil, false
	}
	n = int(binary.BigEndian.Uint32(append(make([]byte, 4-width, 4), data[1:1+width]...)))
	return major, n, data[1+width:], n >= map[byte]int{24: 24, 25: 1 << 8, 26: 1 << 16}[info]
}
