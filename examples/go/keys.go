package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
)

// Section 5 of docs/format.md: the key list and bare key sets.

type key struct {
	kid, public []byte
	begin, end  int64
}

type keySet struct {
	issuer              string
	vouchers, documents []key
	list                keyList
}

type keyList struct {
	_                        struct{} `cbor:",toarray"`
	Issuer                   string
	Version, Iat, Exp, Grace uint32
	Keys                     []listedKey
	Roots                    [][32]byte
}

type listedKey struct {
	_        struct{} `cbor:",toarray"`
	Use      uint32
	Public   []byte
	From, To uint32
}

func (l listedKey) isKnown() bool { return l.Use == 1 || l.Use == 2 }

func (k *keyList) head() head { return head{k.Issuer, "", k.Version, k.Iat} }

func (k *keyList) exists() bool { return k.Issuer != "" }

func (k *keyList) check() {
	counted := len(k.Keys) > 0 && len(k.Keys) <= 64 && k.Roots != nil && len(k.Roots) <= 4
	need(nameForm.MatchString(k.Issuer) && k.Iat < k.Exp && counted, 0, "malformed", "payload")
	known, kids := []listedKey{}, map[string]bool{}
	for _, l := range k.Keys {
		need(l.Public != nil, 0, "malformed", "payload")
		// Of a key with another use nothing is looked at but its shape: the next one must not stop this reader.
		if l.isKnown() {
			kid := string(thumbprint(l.Public))
			need(len(l.Public) == 32 && l.From < l.To && !kids[kid], 0, "malformed", "payload")
			known, kids[kid] = append(known, l), true
		}
	}
	// Named roots are checked when they are pinned.
	for _, l := range known {
		need(isSoundKey(l.Public), 0, "malformed", "keys")
	}
	k.Keys = known
}

// pinnedRoots judges what a pinned set may be, before any list is read.
func pinnedRoots(roots []octets) []key {
	need(len(roots) <= 5, 0, "malformed", "keys")
	return bareKeys(roots)
}

// follow gives whom a reader with state pins after a list of this signer, in place of those that it had.
func follow(named [][32]byte, signer octets, pinned []octets) []octets {
	followed, kids, isNamed := []octets{signer}, map[string]bool{string(thumbprint(signer)): true}, false
	for i := range named {
		root := octets(named[i][:])
		kid := string(thumbprint(root))
		isNamed = isNamed || bytes.Equal(root, signer)
		if !kids[kid] && isSoundKey(root) {
			followed = append(followed, root)
		}
		kids[kid] = true
	}
	if !isNamed && len(followed) == 1 {
		return pinned
	}
	return followed
}

// source is a key set as the vectors have it: a list with its pinned roots, or a bare set.
type source struct {
	Jwks     any
	File     *octets
	CoseKeys *octets
	KeyList  octets
	Roots    []octets
}

func readKeySet(s source, issuer string) keySet {
	if s.KeyList == nil {
		return keySet{issuer: issuer, vouchers: bareKeys(s.publics())}
	}
	set := keySet{issuer: issuer}
	readDocument("keys", s.KeyList, pinnedRoots(s.Roots), issuer, "", reception{}, &set.list)
	for _, l := range set.list.Keys {
		use := map[uint32]*[]key{1: &set.vouchers, 2: &set.documents}[l.Use]
		*use = append(*use, key{thumbprint(l.Public), l.Public, int64(l.From), int64(l.To)})
	}
	return set
}

// publics are those of a bare set. Keys of unknown types are skipped.
func (s source) publics() (found []octets) {
	if s.CoseKeys != nil {
		return coseKeys(*s.CoseKeys)
	}
	jwks, _ := s.Jwks.(map[string]any)
	keys, isList := jwks["keys"].([]any)
	need(isList, 0, "malformed", "keys")
	for _, k := range keys {
		if k, _ := k.(map[string]any); k["kty"] == "OKP" && k["crv"] == "Ed25519" {
			text, _ := k["x"].(string)
			x, _ := base64.RawURLEncoding.DecodeString(text)
			_, private := k["d"]
			need(!private && len(x) == 32 && base64.RawURLEncoding.EncodeToString(x) == text, 0, "malformed", "keys")
			need(k["kid"] == hex.EncodeToString(thumbprint(x)), 0, "malformed", "keys")
			found = append(found, x)
		}
	}
	return found
}

func bareKeys(publics []octets) (keys []key) {
	for _, public := range publics {
		kid := thumbprint(public)
		need(isSoundKey(public) && find(keys, kid) == nil, 0, "malformed", "keys")
		keys = append(keys, key{kid, public, 0, 1 << 32})
	}
	return keys
}

func find(keys []key, kid []byte) *key {
	for i := range keys {
		if bytes.Equal(keys[i].kid, kid) {
			return &keys[i]
		}
	}
	return nil
}
