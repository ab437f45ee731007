package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Account struct {
	Owner   string
	balance int
	history []Entry
}

type Entry struct {
	Kind   string
	Amount int
}

var ErrFunds = errors.New("insufficient funds")

func (a *Account) Withdraw(n int) error {
	if n > a.balance {
		return fmt.Errorf("withdraw %d of %d: %w", n, a.balance, ErrFunds)
	}
	a.balance -= n
	a.history = append(a.history, Entry{"out", n})
	return nil
}

func (a *Account) Deposit(n int) {
	a.balance += n
	a.history = append(a.history, Entry{Kind: "in", Amount: n})
}

type Bank struct{ accounts map[string]*Account }

func (b *Bank) Open(owner string) *Account {
	if b.accounts == nil {
		b.accounts = make(map[string]*Account)
	}
	a := &Account{Owner: owner}
	b.accounts[owner] = a
	return a
}

func (b *Bank) Transfer(from, to string, n int) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("transfer: %w", err)
		}
	}()
	src, ok := b.accounts[from]
	if !ok {
		return fmt.Errorf("no account %q", from)
	}
	dst, ok := b.accounts[to]
	if !ok {
		return fmt.Errorf("no account %q", to)
	}
	if err := src.Withdraw(n); err != nil {
		return err
	}
	dst.Deposit(n)
	return nil
}

func (b Bank) String() string {
	names := make([]string, 0, len(b.accounts))
	for n := range b.accounts {
		names = append(names, n)
	}
	sort.Strings(names)
	var sb strings.Builder
	for _, n := range names {
		fmt.Fprintf(&sb, "%s=%d;", n, b.accounts[n].balance)
	}
	return sb.String()
}

func wordCount(text string) map[string]int {
	out := map[string]int{}
	for _, w := range strings.Fields(strings.ToLower(text)) {
		out[strings.Trim(w, ".,!")]++
	}
	return out
}

func main() {
	var b Bank
	b.Open("ann").Deposit(100)
	b.Open("bob")
	fmt.Println(b.Transfer("ann", "bob", 30))
	err := b.Transfer("bob", "ann", 50)
	fmt.Println(err, errors.Is(err, ErrFunds))
	fmt.Println(b.Transfer("x", "ann", 1))
	fmt.Println(b)
	fmt.Println(b.accounts["ann"].history)
	wc := wordCount("The cat. The dog, the end!")
	type kv struct {
		k string
		v int
	}
	var kvs []kv
	for k, v := range wc {
		kvs = append(kvs, kv{k, v})
	}
	sort.Slice(kvs, func(i, j int) bool { return kvs[i].v > kvs[j].v || kvs[i].v == kvs[j].v && kvs[i].k < kvs[j].k })
	for _, e := range kvs {
		fmt.Printf("%-5s %d\n", e.k, e.v)
	}
}
