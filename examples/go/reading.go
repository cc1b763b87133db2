package main

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// Sections 1 and 6 of docs/format.md: the six steps that a reader takes, and their verdicts.

// refusal is a code of section 6, the step of a malformed thing, and the number of the reading step that refused.
// It travels as a panic, as in the parsers of encoding/json and text/template, and never leaves the program.
type refusal struct {
	code, step string
	at         int
}

func need(holds bool, at int, code, step string) {
	if !holds {
		panic(refusal{code, step, at})
	}
}

// misuse is the caller's mistake, and no verdict: what is asked is of its type. It travels as a panic, as a bug's does.
type misuse string

func require(holds bool, what misuse) {
	if !holds {
		panic(what)
	}
}

// question is what a door asks. Lists that are not there are zero; a device that is assigned should have a manifest;
// a nil delivery is compared by nobody, and nil phones are not asked for.
type question struct {
	now, seen   int64
	delivery    *string
	keys        keySet
	revocations revocations
	assigned    bool
	manifest    manifest
	phones      []string
	used        []use
}

type use struct {
	Kid, Cti, DeliveryID string
	At                   int64
}

type result struct {
	issuer, kid, cti, deliveryID string
	expiresAt                    uint32
	notes                        []string
}

// verify is section 1, Reading.
func verify(text string, q question) result {
	require(isTime(q.now) && isTime(q.seen), "now, seen")
	hashes := []uint16{}
	for _, phone := range q.phones {
		hashes = append(hashes, phoneHash(phone))
	}
	// 1: text
	voucher := readText(text)
	// 2: bytes
	need(len(voucher) >= 82 && len(voucher) <= 152, 2, "malformed", "length")
	kid, signature, payload := voucher[:4], voucher[4:68], voucher[68:]
	// 3: key
	key := find(q.keys.vouchers, kid)
	need(key != nil, 3, "unknown-key", "")
	need(!holds(q.revocations.Kids, kid), 3, "key-revoked", "")
	need((key.begin <= q.now || q.isBehind()) && q.now < key.end, 3, "key-not-valid", "")
	// 4: signature
	need(isSigned(key.public, toBeSigned("voucher", kid, payload), signature), 4, "bad-signature", "")
	// 5: payload
	c := readPayload(payload)
	sub, exp, cti := deliveryID(c.Sub), int64(c.Exp), c.Cti[:]
	kidHex, ctiHex := hex.EncodeToString(kid), hex.EncodeToString(cti)
	// 6: the rest, in the order of section 6
	need(exp <= key.end, 6, "key-not-valid", "")
	need(!q.isBehind(), 6, "clock-behind", "")
	grace := int64(q.keys.list.Grace)
	need(!q.keys.list.exists() || q.now < int64(q.keys.list.Exp)+grace, 6, "stale-keys", "")
	need(!q.revocations.exists() || q.now < int64(q.revocations.Next)+grace, 6, "stale-revocations", "")
	need(q.delivery == nil || *q.delivery == sub, 6, "wrong-delivery", "")
	for _, u := range q.used {
		need(u.DeliveryID != sub && (u.Kid != kidHex || u.Cti != ctiHex), 6, "already-used", "")
	}
	need(!q.assigned || q.now < int64(q.manifest.Exp), 6, "no-manifest", "")
	need(!q.assigned || q.manifest.subs[sub], 6, "not-on-manifest", "")
	need(!holds(q.revocations.Ctis, cti) && !holds(q.manifest.Revoked, cti), 6, "revoked", "")
	need(q.now < exp, 6, "expired", "")
	need(q.phones == nil || c.Phone == nil || fits(*c.Phone, hashes), 6, "phone-mismatch", "")
	return result{q.keys.issuer, kidHex, ctiHex, sub, c.Exp, q.notes(c)}
}

// readText takes a scanner's bytes as they are: a voucher's are ASCII.
func readText(text string) []byte {
	isASCII := strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
	need(len(text) <= 232 && isASCII && strings.HasPrefix(text, "DP1:"), 1, "malformed", "text")
	return decodeBase45(text[4:])
}

// isBehind says whether the clock stands more than 300 s before a time that was signed or seen.
func (q question) isBehind() bool {
	for _, seen := range []int64{q.seen, int64(q.keys.list.Iat), int64(q.revocations.Iat), int64(q.manifest.Iat)} {
		if q.now < seen-300 {
			return true
		}
	}
	return false
}

func isTime(t int64) bool { return t >= 0 && t < 1<<32 }

func fits(hash uint16, hashes []uint16) bool {
	for _, said := range hashes {
		if said == hash {
			return true
		}
	}
	return false
}

// notes come in the order in which the vectors have them.
func (q question) notes(c claims) []string {
	found := []string{}
	for _, note := range []struct {
		holds bool
		name  string
	}{
		{!q.keys.list.exists(), "keys-unsigned"},
		{q.keys.list.exists() && q.now >= int64(q.keys.list.Exp), "keys-old"},
		{!q.revocations.exists(), "no-revocations"},
		{q.revocations.exists() && q.now >= int64(q.revocations.Next), "revocations-old"},
		{q.delivery == nil, "delivery-not-compared"},
		{!q.assigned, "assignment-not-checked"},
		{q.phones != nil && c.Phone == nil, "phone-not-in-voucher"},
	} {
		if note.holds {
			found = append(found, note.name)
		}
	}
	return found
}
