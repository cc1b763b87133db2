package main

import (
	"encoding/json"
	"errors"

	"golang.org/x/crypto/scrypt"
)

// How a case of each of the vector files is run.

// vector is a case of any of the files: each has the members that it needs, and one that is not here cannot be read.
type vector struct {
	Name, Source, Text, Typed, Read, Number, Kdf string
	Document, Secret, Kid, Cti, Bytes            octets
	PublicKey, Message, Signature                octets
	Question                                     asked
	Stages                                       answer
	Given                                        trusted
	Keys                                         source
	Stop                                         stop
	LogN, Reading                                int
	Expect, Code, Hash                           any
}

type trusted struct {
	Keys, Issuer, Route string
	Roots               []octets
	Held                map[string]held
}

type asked struct {
	Now, Seen         int64
	Delivery          *string
	Keys, Revocations string
	Manifest          json.RawMessage
	Phones            []string
	Used              []use
}

type answer = map[string]any

var given struct {
	Issuer      string
	CodeSecret  octets
	KeySets     map[string]source
	Revocations map[string]octets
	Manifests   map[string]struct {
		Route    string
		Document octets
	}
}

var runs = map[string]func(vector) answer{
	"vouchers-valid":   valid,
	"vouchers-refused": func(v vector) answer { return answer{"expect": ask(v)} },
	"documents":        read,
	"key-sets": func(v vector) answer {
		kids := []octets{}
		for _, k := range readKeySet(v.Keys, given.Issuer).vouchers {
			kids = append(kids, k.kid)
		}
		return answer{"expect": answer{"kids": kids}}
	},
	"seals":               seal,
	"short-codes/derived": func(v vector) answer { return answer{"code": deriveCode(v.Secret, v.Kid, v.Cti)} },
	"short-codes/typed":   func(v vector) answer { return answer{"expect": answer{"code": readCode(v.Typed)}} },
	"primitives/base45": func(v vector) answer {
		return answer{"bytes": octets(decodeBase45(v.Text)), "text": encodeBase45(v.Bytes)}
	},
	"primitives/base45Refused": func(v vector) answer { return answer{"expect": octets(decodeBase45(v.Text))} },
	"primitives/phones":        func(v vector) answer { return answer{"hash": phoneHash(v.Number)} },
	"primitives/signatures": func(v vector) answer {
		if !isSoundKey(v.PublicKey) {
			return answer{"expect": "key-refused"}
		}
		verdicts := map[bool]string{true: "valid", false: "invalid"}
		return answer{"expect": verdicts[isSigned(v.PublicKey, v.Message, v.Signature)]}
	},
}

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
		readDocument("revocations", given.Revocations[a.Revocations], q.keys.documents, given.Issuer, "", nil, &q.revocations)
	}
	if q.assigned {
		var name *string
		must(json.Unmarshal(a.Manifest, &name))
		if name != nil {
			m := given.Manifests[*name]
			readDocument("manifest", m.Document, q.keys.documents, given.Issuer, m.Route, nil, &q.manifest)
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
	keys, issuer := bareKeys(v.Given.Roots), v.Given.Issuer
	if v.Read != "keys" {
		keys, issuer = keysNamed(v.Given.Keys).documents, given.Issuer
	}
	readDocument(v.Read, v.Document, keys, issuer, v.Given.Route, v.Given.Held, d)
	h := d.head()
	return answer{"expect": answer{"accepted": answer{"issuer": h.issuer, "version": h.version, "issuedAt": h.iat}}}
}

func seal(v vector) answer {
	derive := scrypt.Key
	if v.Kdf == "fails" {
		derive = func(password, salt []byte, n, r, p, keyLen int) ([]byte, error) { return nil, errors.New("no memory") }
	}
	return answer{"expect": answer{"text": "DP1:" + encodeBase45(openSeal(v.Typed, v.Stop, v.LogN, derive))}}
}
