package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"math/big"
)

// Step 4 of docs/format.md, section 1: strict Ed25519, the import rule for keys, and the kid.

var (
	p    = new(big.Int).Sub(new(big.Int).Lsh(one, 255), big.NewInt(19))
	l, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	d    = quotient(big.NewInt(-121665), big.NewInt(121666))
	one  = big.NewInt(1)
)

type point struct{ x, y *big.Int }

// isSigned is crypto/ed25519's answer, which holds S < L and compares R byte for byte, but takes the identity for R.
func isSigned(public, message, signature []byte) bool {
	return ed25519.Verify(public, message, signature) && *(*[32]byte)(signature) != [32]byte{1}
}

// isSoundKey is the import rule: canonical, not of small order, torsion-free. Of the torsion-free points only the
// identity is of small order; the sign of x changes nothing.
func isSoundKey(public []byte) bool {
	y := new(big.Int)
	for i := 31; i >= 0; i-- {
		y.Or(y.Lsh(y, 8), big.NewInt(int64(public[i])))
	}
	y.SetBit(y, 255, 0)
	square := quotient(minus(product(y, y), one), plus(product(d, product(y, y)), one))
	x := new(big.Int).ModSqrt(square, p)
	if y.Cmp(p) >= 0 || y.Cmp(one) == 0 || x == nil {
		return false
	}
	end := point{x, y}.times(l)
	return end.x.Sign() == 0 && end.y.Cmp(one) == 0
}

func (a point) times(n *big.Int) point {
	sum := point{new(big.Int), one}
	for i := n.BitLen() - 1; i >= 0; i-- {
		sum = sum.add(sum)
		if n.Bit(i) == 1 {
			sum = sum.add(a)
		}
	}
	return sum
}

func (a point) add(b point) point {
	t := product(d, product(product(a.x, b.x), product(a.y, b.y)))
	return point{
		quotient(plus(product(a.x, b.y), product(a.y, b.x)), plus(one, t)),
		quotient(plus(product(a.y, b.y), product(a.x, b.x)), minus(one, t)),
	}
}

func product(a, b *big.Int) *big.Int { return new(big.Int).Mod(new(big.Int).Mul(a, b), p) }

func plus(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }

func minus(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }

func quotient(a, b *big.Int) *big.Int {
	return product(a, new(big.Int).ModInverse(new(big.Int).Mod(b, p), p))
}

func thumbprint(public []byte) []byte {
	sum := sha256.Sum256(encode(map[int]any{1: 1, -1: 6, -2: public}))
	return sum[:4]
}
