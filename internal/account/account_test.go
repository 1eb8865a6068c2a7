package account_test

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sextant/internal/account"
	"sextant/internal/exam"
	"sextant/internal/fault"
	"sextant/internal/sitting"
	"sextant/internal/testkit"
)

var ctx = context.Background()

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("got error %v, want one of kind %s", err, kind)
	}
}

func TestPasswordsAreHashedAndVerified(t *testing.T) {
	h := account.NewHasher()
	hash, err := h.Hash(ctx, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash %q is not argon2id with the parameters of the cheat sheet", hash)
	}
	if again, err := h.Hash(ctx, "correct horse"); err != nil || again == hash {
		t.Errorf("the same password twice has the same hash (error %v): there is no salt", err)
	}
	parts := strings.Split(hash, "$")
	with := func(i int, text string) string {
		changed := slices.Clone(parts)
		changed[i] = text
		return strings.Join(changed, "$")
	}
	// From the tests of the argon2 reference implementation (P-H-C/phc-winner-argon2,
	// src/test.c): "password" with the salt "somesalt", and other parameters than ours.
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for _, c := range []struct {
		name, hash, password string
		want                 bool
	}{
		{"the password", hash, "correct horse", true},
		{"another", hash, "correct horsf", false},
		{"with a space", hash, "correct horse ", false},
		{"empty", hash, "", false},
		{"other parameters", reference, "password", true},
		{"other parameters, another", reference, "passwort", false},
		{"another salt", with(4, base64.RawStdEncoding.EncodeToString([]byte("another salt 16b"))), "correct horse", false},
		{"other passes", with(3, "m=19456,t=1,p=1"), "correct horse", false},
		{"no hash", "", "", false},
		{"no hash, a password", "", "correct horse", false},
		{"not a hash", "correct horse", "correct horse", false},
		{"another algorithm", with(1, "argon2i"), "correct horse", false},
		{"bcrypt", "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "correct horse", false},
		{"another version", with(2, "v=16"), "correct horse", false},
		{"no parameters", with(3, ""), "correct horse", false},
		{"no passes", with(3, "m=19456,t=0,p=1"), "correct horse", false},
		{"no lanes", with(3, "m=19456,t=2,p=0"), "correct horse", false},
		{"no salt", with(4, ""), "correct horse", false},
		{"salt not base64", with(4, "%%%"), "correct horse", false},
		{"no digest", with(5, ""), "correct horse", false},
		{"digest not base64", with(5, "%%%"), "correct horse", false},
		{"digest cut short", with(5, parts[5][:20]), "correct horse", false},
		{"a part too many", hash + "$", "correct horse", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := h.Verify(ctx, c.hash, c.password)
			if err != nil || got != c.want {
				t.Errorf("verified %t, error %v; want %t", got, err, c.want)
			}
		})
	}
}

func TestHashingWaitsNoLongerThanItsCaller(t *testing.T) {
	h := account.NewHasher()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	refused := false
	for range 50 { // of a free place and an ended wait either may be chosen
		_, err := h.Verify(ended, "", "x")
		if err != nil {
			wantKind(t, err, fault.KindUnavailable)
			refused = true
			break
		}
	}
	if !refused {
		t.Error("hashing went on for a caller that had gone")
	}
}

func TestEmailsAreComparedInOneForm(t *testing.T) {
	for given, want := range map[string]string{
		"ann@example.org":                   "ann@example.org",
		" Ann@Example.ORG\t":                "ann@example.org",
		"a.b+c@sub.example.org":             "a.b+c@sub.example.org",
		"":                                  "",
		"ann":                               "",
		"ann@":                              "",
		"@example.org":                      "",
		"Ann <ann@example.org>":             "",
		"ann@example.org, bob@example.org":  "",
		"ann@example.org\nBcc: b@c.de":      "",
		"a b@example.org":                   "",
		strings.Repeat("a", 250) + "@x.org": "",
		"<ann@example.org>":                 "",
		"ann@example.org (Ann)":             "",
	} {
		got, err := account.NormalizeEmail(given)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("NormalizeEmail(%q) = %q, %v; want %q", given, got, err, want)
		}
		if want == "" {
			wantKind(t, err, fault.KindInvalid)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		once, err := account.NormalizeEmail(rapid.StringMatching(`[ A-Za-z0-9.+@-]{0,30}`).Draw(t, "address"))
		if err != nil {
			return
		}
		if twice, err := account.NormalizeEmail(once); err != nil || twice != once {
			t.Fatalf("the form of %q is %q, error %v", once, twice, err)
		}
	})
}

func TestRoles(t *testing.T) {
	for text, ok := range map[string]bool{"learner": true, "instructor": true, "admin": true, "guest": false, "": false, "Admin": false, "king": false} {
		role, err := account.ParseRole(text)
		if (err == nil) != ok || ok && string(role) != text {
			t.Errorf("ParseRole(%q) = %q, %v", text, role, err)
		}
	}
	ladder := []account.Role{account.Guest, account.Learner, account.Instructor, account.Admin}
	for i, r := range ladder {
		for j, other := range ladder {
			if got := r.Includes(other); got != (i >= j) {
				t.Errorf("%s includes %s: %t", r, other, got)
			}
		}
	}
	if account.Role("king").Includes(account.Learner) {
		t.Error("a role that doesn't exist may do what a learner may")
	}
	if (*account.Person)(nil).SignedIn() || (&account.Person{Role: account.Guest}).SignedIn() || !(&account.Person{Role: account.Learner}).SignedIn() {
		t.Error("only people with an account are signed in")
	}
}

func TestPasswordsHaveALength(t *testing.T) {
	for password, ok := range map[string]bool{
		"": false, "ninechars": false, "ten chars!": true, "ünïcödé ön": true,
		strings.Repeat("x", 200): true, strings.Repeat("x", 201): false, strings.Repeat("é", 200): true,
	} {
		if err := account.CheckPassword(password); (err == nil) != ok {
			t.Errorf("a password of %d bytes: error %v", len(password), err)
		}
	}
}

var secret = []byte("a secret of thirty-two bytes or more")

func tokens(t *testing.T, clock *testkit.Clock) *account.Tokens {
	t.Helper()
	made, err := account.NewTokens(secret, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAShortSecretSignsNothing(t *testing.T) {
	for _, n := range []int{0, 31} {
		if _, err := account.NewTokens(make([]byte, n), time.Now); err == nil {
			t.Errorf("a secret of %d bytes is taken", n)
		}
	}
}

func TestTokens(t *testing.T) {
	clock := testkit.NewClock()
	issuer := tokens(t, clock)
	p := &account.Person{ID: "p1", Version: 7}
	token, expires, err := issuer.Issue(p)
	if err != nil || !expires.Equal(clock.Now().Add(account.TokenLife)) {
		t.Fatalf("issued until %s, error %v", expires, err)
	}
	if read, err := issuer.Read(token); err != nil || read.Person != "p1" || read.Version != 7 || !read.Expires.Equal(expires) {
		t.Errorf("read %+v, error %v", read, err)
	}

	claims := func(change func(jwt.MapClaims)) jwt.MapClaims {
		c := jwt.MapClaims{"sub": "p1", "ver": 7, "iss": "sextant", "aud": "sextant", "iat": clock.Now().Unix(), "exp": expires.Unix()}
		change(c)
		return c
	}
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		text, err := jwt.NewWithClaims(method, claims(change)).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	same := func(jwt.MapClaims) {}
	if _, err := issuer.Read(sign(jwt.SigningMethodHS256, secret, same)); err != nil {
		t.Fatalf("a token made by hand is refused (%v): the cases below would prove nothing", err)
	}
	parts := strings.Split(token, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"p2","ver":7,"iss":"sextant","aud":"sextant","exp":9999999999}`))
	for name, text := range map[string]string{
		"empty":             "",
		"garbage":           "garbage",
		"three dots":        "...",
		"no signature":      parts[0] + "." + parts[1] + ".",
		"another payload":   parts[0] + "." + forged + "." + parts[2],
		"algorithm none":    sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"algorithm HS512":   sign(jwt.SigningMethodHS512, secret, same),
		"another secret":    sign(jwt.SigningMethodHS256, []byte("another secret of thirty-two bytes."), same),
		"another issuer":    sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { c["iss"] = "other" }),
		"no issuer":         sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "iss") }),
		"another audience":  sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { c["aud"] = "other" }),
		"no audience":       sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "aud") }),
		"no expiry":         sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "exp") }),
		"expired":           sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { c["exp"] = clock.Now().Add(-time.Second).Unix() }),
		"nobody's":          sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { delete(c, "sub") }),
		"a version in text": sign(jwt.SigningMethodHS256, secret, func(c jwt.MapClaims) { c["ver"] = "7" }),
	} {
		_, err := issuer.Read(text)
		if err == nil || fault.KindOf(err) != fault.KindUnauthorized {
			t.Errorf("%s: error %v, want unauthorized", name, err)
		}
	}

	clock.Advance(account.TokenLife - time.Second)
	if _, err := issuer.Read(token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	clock.Advance(2 * time.Second)
	_, err = issuer.Read(token)
	wantKind(t, err, fault.KindUnauthorized)
}

func TestATokenIsTamperedWithInVain(t *testing.T) {
	issuer := tokens(t, testkit.NewClock())
	token, _, err := issuer.Issue(&account.Person{ID: "p1"})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(token)-1).Draw(t, "at")
		letter := rapid.SampledFrom([]byte("AZaz09-_.")).Draw(t, "letter")
		changed := []byte(token)
		changed[at] = letter
		// The last letter holds unused bits: another may say the same.
		if string(changed) == token || at == len(token)-1 {
			return
		}
		if _, err := issuer.Read(string(changed)); err == nil {
			t.Fatalf("a token with %q at %d is good", letter, at)
		}
	})
}

func app(t *testing.T) *testkit.App {
	t.Helper()
	return testkit.NewApp(t, testkit.Synthetic(t, 1))
}

var plan = sitting.Plan{Length: 12, Targets: []exam.Code{"MLA-C02"}}

func TestAGuestWhoSignsUpStaysThePerson(t *testing.T) {
	a := app(t)
	guest, err := a.Accounts.StartGuest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := a.Start(t, guest, plan)
	before, _, err := a.Accounts.Issue(guest)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Accounts.SignUp(ctx, guest, account.Registration{Email: "Ann@Example.org", Name: "  Ann \t Lee ", Password: testkit.Password})
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != guest.ID || p.Role != account.Learner || p.Email != "ann@example.org" || p.Name != "Ann Lee" {
		t.Errorf("the account is %+v", p)
	}
	if list, err := a.Sittings.List(ctx, p.ID); err != nil || len(list) != 1 || list[0].ID != s.ID {
		t.Errorf("the account's sittings are %+v, error %v", list, err)
	}
	kept, err := a.Store.Person(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, kept); diff != "" {
		t.Errorf("what is kept differs (-made +kept):\n%s", diff)
	}
	if strings.Contains(kept.Hash, testkit.Password) {
		t.Error("the password is kept as it is")
	}
	_, _, err = a.Accounts.Resolve(ctx, before)
	wantKind(t, err, fault.KindUnauthorized) // the guest's cookie, on a device left behind

	_, err = a.Accounts.SignUp(ctx, nil, account.Registration{Email: " ANN@example.org", Password: testkit.Password})
	wantKind(t, err, fault.KindConflict)
}

func TestARefusedSignUpMakesNobody(t *testing.T) {
	a := app(t)
	for name, r := range map[string]account.Registration{
		"no address":      {Password: testkit.Password},
		"a bad address":   {Email: "ann", Password: testkit.Password},
		"no password":     {Email: "ann@example.org"},
		"a long name":     {Email: "ann@example.org", Name: strings.Repeat("x", 81), Password: testkit.Password},
		"a long password": {Email: "ann@example.org", Password: strings.Repeat("x", 201)},
	} {
		_, err := a.Accounts.SignUp(ctx, nil, r)
		if err == nil || fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("%s: error %v, want invalid", name, err)
		}
	}
	if people, err := a.Accounts.People(ctx); err != nil || len(people) != 0 {
		t.Errorf("people: %+v, error %v", people, err)
	}
}

func TestSigningInTakesTheGuestAlong(t *testing.T) {
	a := app(t)
	p := a.Person(t, account.Learner, "ann@example.org")
	own := a.Start(t, p, plan)
	guest, err := a.Accounts.StartGuest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s := a.Start(t, guest, plan)

	for _, c := range []struct{ email, password string }{
		{"ann@example.org", "another password"}, {"bob@example.org", testkit.Password}, {"ann", testkit.Password}, {"", ""},
	} {
		_, err := a.Accounts.SignIn(ctx, guest, c.email, c.password)
		wantKind(t, err, fault.KindUnauthorized)
		if strings.Contains(fault.Message(err), c.email) && c.email != "" {
			t.Errorf("%q tells which of the two was wrong", fault.Message(err))
		}
	}
	if list, err := a.Sittings.List(ctx, guest.ID); err != nil || len(list) != 1 {
		t.Errorf("after failed tries the guest has %d sittings, error %v", len(list), err)
	}

	in, err := a.Accounts.SignIn(ctx, guest, " ANN@example.org", testkit.Password)
	if err != nil || in.ID != p.ID {
		t.Fatalf("signed in as %+v, error %v", in, err)
	}
	list, err := a.Sittings.List(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	ids := []sitting.ID{list[0].ID, list[len(list)-1].ID}
	if len(list) != 2 || !slices.Contains(ids, own.ID) || !slices.Contains(ids, s.ID) {
		t.Errorf("the account's sittings are %v, want its own and the guest's", ids)
	}
	_, err = a.Store.Person(ctx, guest.ID)
	wantKind(t, err, fault.KindNotFound)

	// Signing in from another account takes nothing along.
	other := a.Person(t, account.Learner, "bob@example.org")
	if _, err := a.Accounts.SignIn(ctx, p, other.Email, testkit.Password); err != nil {
		t.Fatal(err)
	}
	if list, err := a.Sittings.List(ctx, other.ID); err != nil || len(list) != 0 {
		t.Errorf("another account's sittings came along: %d, error %v", len(list), err)
	}
}

func TestANewPasswordEndsEarlierSignIns(t *testing.T) {
	a := app(t)
	p := a.Person(t, account.Learner, "ann@example.org")
	issue := func() string {
		t.Helper()
		fresh, err := a.Store.Person(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := a.Accounts.Issue(fresh)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	resolves := func(token string) bool {
		_, _, err := a.Accounts.Resolve(ctx, token)
		return err == nil
	}
	first := issue()
	if !resolves(first) {
		t.Fatal("a fresh token doesn't resolve")
	}
	wantKind(t, a.Accounts.ChangePassword(ctx, p, "not the password", "a new long password"), fault.KindInvalid)
	wantKind(t, a.Accounts.ChangePassword(ctx, p, testkit.Password, "short"), fault.KindInvalid)
	if !resolves(first) {
		t.Error("a refused change ended the sign-in")
	}
	if err := a.Accounts.ChangePassword(ctx, p, testkit.Password, "a new long password"); err != nil {
		t.Fatal(err)
	}
	second := issue()
	if resolves(first) || !resolves(second) {
		t.Error("after the change the earlier token is good, or the new one isn't")
	}
	if err := a.Accounts.ResetPassword(ctx, "ANN@example.org", "yet another password"); err != nil {
		t.Fatal(err)
	}
	if resolves(second) || !resolves(issue()) {
		t.Error("after the reset the earlier token is good, or the new one isn't")
	}
	if _, err := a.Accounts.SignIn(ctx, nil, "ann@example.org", "yet another password"); err != nil {
		t.Errorf("signing in with the new password: %v", err)
	}
	wantKind(t, a.Accounts.ResetPassword(ctx, "bob@example.org", "a long password"), fault.KindNotFound)
}

func TestATokenOfNobodyIsNoSignIn(t *testing.T) {
	a := app(t)
	token, _, err := a.Accounts.Issue(&account.Person{ID: "gone"})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = a.Accounts.Resolve(ctx, token)
	wantKind(t, err, fault.KindUnauthorized)
}

func TestOperatorsMakeAccounts(t *testing.T) {
	a := app(t)
	p, err := a.Accounts.Create(ctx, account.Registration{Email: "ann@example.org", Password: testkit.Password}, account.Instructor)
	if err != nil || p.Role != account.Instructor || p.Name != "ann" {
		t.Fatalf("made %+v, error %v", p, err)
	}
	if err := a.Accounts.SetRole(ctx, "ann@example.org", account.Admin); err != nil {
		t.Fatal(err)
	}
	wantKind(t, a.Accounts.SetRole(ctx, "bob@example.org", account.Admin), fault.KindNotFound)
	people, err := a.Accounts.People(ctx)
	if err != nil || len(people) != 1 || people[0].Role != account.Admin || people[0].Hash != p.Hash {
		t.Errorf("people: %+v, error %v", people, err)
	}
}

func TestTheSetupTokenWorksOnce(t *testing.T) {
	a := app(t)
	const token = "the token of the log"
	if needed, err := a.Store.OfferSetup(ctx, account.HashToken(token)); err != nil || !needed {
		t.Fatalf("set-up needed: %t, error %v", needed, err)
	}
	claim := func(token, email string) error {
		_, err := a.Accounts.ClaimSetup(ctx, token, account.Registration{Email: email, Password: testkit.Password})
		return err
	}
	wantKind(t, claim("", "ann@example.org"), fault.KindForbidden)
	wantKind(t, claim(account.HashToken(token), "ann@example.org"), fault.KindForbidden)
	errs := make(chan error, 2)
	for _, email := range []string{"ann@example.org", "bob@example.org"} {
		go func() { errs <- claim(token, email) }()
	}
	one, two := <-errs, <-errs
	if (one == nil) == (two == nil) {
		t.Fatalf("of two at once both or neither became admin: %v, %v", one, two)
	}
	wantKind(t, errors.Join(one, two), fault.KindForbidden)
	people, err := a.Accounts.People(ctx)
	if err != nil || len(people) != 1 || people[0].Role != account.Admin {
		t.Errorf("people: %+v, error %v", people, err)
	}
}

func TestIDsDoNotRepeat(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := account.NewID()
		if len(id) != 32 || seen[id] {
			t.Fatalf("the id %q is short or comes twice", id)
		}
		seen[id] = true
	}
}
