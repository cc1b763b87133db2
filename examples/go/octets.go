package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// octets are bytes as the vectors have them: in hex, or in parts where they are long.
type octets []byte

type part struct {
	Hex      string
	Times    *int
	CountAt  *int
	DigitsAt *int
}

func (o *octets) UnmarshalJSON(raw []byte) (err error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*o, err = hex.DecodeString(text)
		return err
	}
	var parts []part
	if err = strictly(raw, &parts); err != nil {
		return err
	}
	*o = octets{}
	for _, p := range parts {
		data, err := p.repeat()
		if err != nil {
			return err
		}
		*o = append(*o, data...)
	}
	return nil
}

func (p part) repeat() ([]byte, error) {
	once, err := hex.DecodeString(p.Hex)
	times := 1
	if p.Times != nil {
		times = *p.Times
	}
	data := bytes.Repeat(once, times)
	for i := 0; p.CountAt != nil && i < times; i++ {
		binary.BigEndian.PutUint32(data[i*len(once)+*p.CountAt:], uint32(i))
	}
	for i := 0; p.DigitsAt != nil && i < times; i++ {
		copy(data[i*len(once)+*p.DigitsAt:], fmt.Sprintf("%04d", i))
	}
	return data, err
}

func (o octets) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(o)), nil }
