package main

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"sort"
	"strings"
	"unicode"
)

// Section 4 of docs/format.md, and the revocation list of section 5: signed documents.

var (
	caps        = map[string]int{"keys": 64 << 10, "revocations": 16 << 20, "manifest": 512 << 10}
	nameForm    = regexp.MustCompile(`^[!-~]([ -~]{0,62}[!-~])?$`)
	countryForm = regexp.MustCompile(`^[1-9][0-9]{0,2}$`)
	parcelForm  = regexp.MustCompile(`^[!-~]{1,64}$`)
	callForm    = regexp.MustCompile(`^tel:\+[1-9][0-9]{6,14}$`)
)

type revocations struct {
	_                  struct{} `cbor:",toarray"`
	Issuer             string
	Version, Iat, Next uint32
	Kids, Ctis         []byte
}

type manifest struct {
	_                 struct{} `cbor:",toarray"`
	Issuer, Route     string
	Version, Iat, Exp uint32
	Country           string
	LogN              uint8
	Stops             []listedStop
	Revoked           []byte
	subs              map[string]bool
}

type listedStop struct {
	_            struct{} `cbor:",toarray"`
	Sub          any
	Label        *[3]*string // name, address, hint
	Named        *string
	Window       *[2]uint32
	Parcels      []string
	Call         *string
	Asks, Takers uint32
	Salt         [16]byte
	Sealed       []byte
}

type head struct {
	issuer, route string
	version, iat  uint32
}

type document interface {
	check()
	head() head
}

// reception is what a device held before, by kid, and the time that the issuer stated; a file states none.
type reception struct {
	held       map[string]held
	issuerTime *int64
}

type held struct {
	Version  uint32
	Document octets
}

// readDocument is section 4: its cap, constants and one length, key, signature, and only then the payload.
func readDocument(kind string, data []byte, keys []key, issuer, route string, r reception, d document) {
	need(len(data) <= caps[kind], 0, "malformed", "length")
	kid, payload := takeApart(kind, data)
	k := find(keys, kid)
	need(k != nil, 0, "unknown-key", "")
	need(isSigned(k.public, toBeSigned(kind, kid, payload), data[len(data)-64:]), 0, "bad-signature", "")
	decode(payload, d, "payload")
	d.check()
	h := d.head()
	need(h.issuer == issuer && h.route == route, 0, "foreign-document", "")
	need(k.begin <= int64(h.iat) && int64(h.iat) < k.end, 0, "key-not-valid", "")
	need(r.issuerTime == nil || int64(h.iat) <= *r.issuerTime+300, 0, "future-document", "")
	last, found := r.held[hex.EncodeToString(kid)]
	need(!found || h.version > last.Version || bytes.Equal(data, last.Document), 0, "older-document", "")
}

// takeApart cuts at fixed offsets, puts together again, and compares: nothing is parsed.
func takeApart(kind string, data []byte) (kid, payload []byte) {
	start := len(coseSign1(kind, make([]byte, 4), []byte{}, []byte{})) - 2
	for _, head := range []int{1, 2, 3, 5} {
		if start+head+66 <= len(data) {
			kid, payload = data[9:13], data[start+head:len(data)-66]
			if bytes.Equal(coseSign1(kind, kid, payload, data[len(data)-64:]), data) {
				return kid, payload
			}
		}
	}
	panic(refusal{"malformed", "frame", 0})
}

func (r *revocations) head() head { return head{r.Issuer, "", r.Version, r.Iat} }

func (r *revocations) exists() bool { return r.Issuer != "" }

func (r *revocations) check() {
	need(nameForm.MatchString(r.Issuer) && ascend(r.Kids, 4) && ascend(r.Ctis, 8), 0, "malformed", "payload")
}

func (m *manifest) head() head { return head{m.Issuer, m.Route, m.Version, m.Iat} }

func (m *manifest) check() {
	named := nameForm.MatchString(m.Issuer) && nameForm.MatchString(m.Route) && countryForm.MatchString(m.Country)
	need(named && m.LogN >= 15 && m.LogN <= 17 && ascend(m.Revoked, 8), 0, "malformed", "payload")
	need(m.Stops != nil && len(m.Stops) <= 500 && len(m.Revoked) <= 8*2000, 0, "malformed", "payload")
	m.subs = map[string]bool{}
	parcels := 0
	for _, s := range m.Stops {
		sub := deliveryID(s.Sub)
		need(!m.subs[sub] && len(s.Sealed) >= 98 && len(s.Sealed) <= 168, 0, "malformed", "payload")
		need(s.isPlain(), 0, "malformed", "payload")
		parcels += len(s.Parcels)
		m.subs[sub] = true
	}
	need(parcels <= 2000, 0, "malformed", "payload")
}

// isPlain says whether what the driver reads is within its bounds.
func (s *listedStop) isPlain() bool {
	if s.Label == nil || s.Parcels == nil || len(s.Parcels) > 32 || s.Takers == 0 {
		return false
	}
	size := 0
	for _, text := range s.Label {
		if text != nil {
			size += len(*text)
		}
		if text != nil && !isText(*text) {
			return false
		}
	}
	for _, parcel := range s.Parcels {
		if !parcelForm.MatchString(parcel) {
			return false
		}
	}
	named := s.Named == nil || isText(*s.Named) && len(*s.Named) >= 1 && len(*s.Named) <= 40
	return size <= 400 && named && (s.Call == nil || callForm.MatchString(*s.Call))
}

func isText(text string) bool {
	return strings.IndexFunc(text, unicode.IsControl) < 0 && !strings.HasPrefix(text, "\ufeff")
}

// ascend says whether data is a bstr, not null, of entries of this size that ascend, each once.
func ascend(data []byte, size int) bool {
	for i := size; i < len(data) && len(data)%size == 0; i += size {
		if bytes.Compare(data[i-size:i], data[i:i+size]) >= 0 {
			return false
		}
	}
	return data != nil && len(data)%size == 0
}

func holds(entries, entry []byte) bool {
	size := len(entry)
	i := sort.Search(len(entries)/size, func(i int) bool { return bytes.Compare(entries[i*size:(i+1)*size], entry) >= 0 })
	return i < len(entries)/size && bytes.Equal(entries[i*size:(i+1)*size], entry)
}
