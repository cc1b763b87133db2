package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"sort"

	"golang.org/x/crypto/scrypt"
)

// How a case of each of the vector files is run: packages/voucher/vectors/README.md.

var known = map[string]keySet{}

func keysNamed(name string) keySet {
	if _, found := known[name]; !found {
		known[name] = readKeySet(given.KeySets[name], given.Issuer)
	}
	return known[name]
}

func ask(v vector) answer {
	a := v.Question
	q := question{now: a.Now, seen: a.Seen, delivery: a.Delivery, phones: a.Phones, used: a.Used}
	q.keys, q.assigned = keysNamed(a.Keys), a.Manifest != nil
	if a.Revocations != "" {
		readDocument("revocations", given.Revocations[a.Revocations], q.keys.documents, given.Issuer, "", reception{}, &q.revocations)
	}
	if q.assigned {
		var name *string
		must(json.Unmarshal(a.Manifest, &name))
		if name != nil {
			m := given.Manifests[*name]
			readDocument("manifest", m.Document, q.keys.documents, given.Issuer, m.Route, reception{}, &q.manifest)
		}
	}
	r := verify(v.Text, q)
	return answer{"issuer": r.issuer, "kid": r.kid, "cti": r.cti, "deliveryId": r.deliveryID, "expiresAt": r.expiresAt,
		"notes": r.notes}
}

func valid(v vector) answer {
	voucher := decodeBase45(v.Text[4:])
	kid, signature, payload := voucher[:4], voucher[4:68], voucher[68:]
	c := readPayload(payload)
	sub, cti := deliveryID(c.Sub), octets(c.Cti[:])
	stages := answer{
		"claims":      answer{"deliveryId": sub, "expiresAt": c.Exp, "cti": cti, "phoneHash": c.Phone},
		"payload":     octets(encode([]any{encodeID(sub), c.Exp, c.Cti, c.Phone})),
		"kid":         octets(thumbprint(find(keysNamed(v.Question.Keys).vouchers, kid).public)),
		"bytesToSign": octets(toBeSigned("voucher", kid, payload)),
		"signature":   octets(signature),
		"voucher":     octets(voucher),
		"coseSign1":   octets(coseSign1("voucher", kid, payload, signature)),
		"shortCode":   deriveCode(given.CodeSecret, kid, cti),
	}
	if phone, found := v.Stages["phone"].(string); found && c.Phone != nil && phoneHash(phone) == *c.Phone {
		stages["phone"] = phone
	}
	return answer{"expect": ask(v), "stages": stages, "text": "DP1:" + encodeBase45(voucher)}
}

func read(v vector) answer {
	d := map[string]document{"keys": &keyList{}, "revocations": &revocations{}, "manifest": &manifest{}}[v.Read]
	keys, issuer := pinnedRoots(v.Given.Roots), v.Given.Issuer
	if v.Read != "keys" {
		keys, issuer = keysNamed(v.Given.Keys).documents, given.Issuer
	}
	readDocument(v.Read, v.Document, keys, issuer, v.Given.Route, reception{v.Given.Held, v.Given.IssuerTime}, d)
	h := d.head()
	accepted := answer{"issuer": h.issuer, "version": h.version, "issuedAt": h.iat}
	if list, isList := d.(*keyList); isList {
		pinned := []string{}
		for _, root := range follow(list.Roots, find(keys, v.Document[9:13]).public, v.Given.Roots) {
			pinned = append(pinned, hex.EncodeToString(root))
		}
		sort.Strings(pinned)
		accepted["pinned"] = pinned
	}
	return answer{"expect": answer{"accepted": accepted}}
}

func seal(v vector) answer {
	derive := scrypt.Key
	if v.Kdf == "fails" {
		derive = func(password, salt []byte, n, r, p, keyLen int) ([]byte, error) { return nil, errors.New("no memory") }
	}
	return answer{"expect": answer{"text": "DP1:" + encodeBase45(openSeal(v.Typed, v.Stop, v.LogN, derive))}}
}
