package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sextant/internal/exam"
	"sextant/internal/sitting"
	"sextant/internal/store"
	"sextant/internal/testkit"
)

// program builds this program once for all tests of the package.
var program = sync.OnceValues(func() (string, error) {
	name := filepath.Join(programDir, "sextant")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", name, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return name, nil
})

// process is the program serving on a port of its own.
type process struct {
	command *exec.Cmd
	base    string
}

var servingAt = regexp.MustCompile(`msg=serving address=http://\S+:(\d+) `)

func serve(t *testing.T, dir string) *process {
	t.Helper()
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(context.Background(), binary, "serve", "--addr", "127.0.0.1:0", "--data", dir)
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{command: command}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if m := servingAt.FindStringSubmatch(lines.Text()); m != nil {
			p.base = "http://127.0.0.1:" + m[1]
			go func() { // the log must go on being read
				for lines.Scan() {
				}
			}()
			return p
		}
	}
	t.Fatalf("the program ended without serving: %v", command.Wait())
	return nil
}

// kill ends the process as a power cut would: it gets no word.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may be gone already
	_ = p.command.Wait()         // killed: never a success
}

// However suddenly the program ends, every answer that it acknowledged is
// there when it starts again, and the sitting goes on at the next question, with
// what was half said to it.
func TestAKilledServerLosesNoAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and kills the program")
	}
	dir := t.TempDir()
	server := serve(t, dir)
	client := testkit.NewClient(t, server.base)
	id := client.Begin(t, 40)
	address := "/sittings/" + string(id)
	rng := rand.New(rand.NewPCG(1, 2))

	restart := func() {
		server.kill()
		server = serve(t, dir)
		moved := testkit.NewClient(t, server.base)
		moved.SetCookie(t, "sextant", client.Cookie(t, "sextant"))
		client = moved
	}
	acknowledged := 0
	answer := func() testkit.Reply {
		return client.Post(t, address+"/answers", testkit.Form(acknowledged, sitting.Choice{DontKnow: true}))
	}
	for range 5 {
		for range 1 + rng.IntN(2) {
			if reply := answer(); reply.Status != http.StatusSeeOther || reply.Location() != address+"?saved="+strconv.Itoa(acknowledged+1) {
				t.Fatalf("answer %d: status %d, location %q", acknowledged, reply.Status, reply.Location())
			}
			acknowledged++
		}
		half := fmt.Sprintf(`{"client":"tab%d","events":[{"seq":1,"kind":"claimed"},{"seq":2,"kind":"struck","place":%d,"struck":["1"]}]}`, acknowledged, acknowledged)
		if reply := client.PostJSON(t, address+"/events", half); reply.Status != http.StatusOK {
			t.Fatalf("half an answer: status %d\n%s", reply.Status, reply.Body)
		}
		restart()
		body := client.Get(t, address).Body
		if !strings.Contains(body, `data-struck="1"`) {
			t.Fatalf("after the kill nothing is struck out:\n%s", body)
		}
		if want := fmt.Sprintf("Question %d of 40", acknowledged+1); !strings.Contains(body, want) {
			t.Fatalf("after the kill the page is not at %q:\n%s", want, body)
		}
		checkKept(t, dir, id, acknowledged)
	}

	// A kill while an answer is under way: it is kept whole or not at all.
	for range 4 {
		delay := time.Duration(rng.IntN(4000)) * time.Microsecond
		done := make(chan struct{})
		go func() {
			defer close(done)
			form := testkit.Form(acknowledged, sitting.Choice{DontKnow: true})
			request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.base+address+"/answers", strings.NewReader(form.Encode()))
			if err != nil {
				return
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.AddCookie(&http.Cookie{Name: "sextant", Value: client.Cookie(t, "sextant")})
			if response, err := http.DefaultClient.Do(request); err == nil {
				_ = response.Body.Close()
			}
		}()
		time.Sleep(delay)
		server.kill()
		<-done
		restart()
		acknowledged = checkWhole(t, dir, id, acknowledged)
		if body := client.Get(t, address).Body; !strings.Contains(body, fmt.Sprintf("Question %d of 40", acknowledged+1)) {
			t.Fatalf("after a kill in mid-answer the page is not at question %d", acknowledged+1)
		}
	}
	if reply := answer(); reply.Status != http.StatusSeeOther {
		t.Errorf("going on after all this: status %d", reply.Status)
	}
}

// kept reads a sitting and its answers behind the server's back.
func kept(t *testing.T, dir string, id sitting.ID) (*sitting.Sitting, []sitting.Given) {
	t.Helper()
	db, err := store.Open(context.Background(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	s, err := db.Sitting(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	given, err := db.Answers(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s, given
}

func checkKept(t *testing.T, dir string, id sitting.ID, want int) {
	t.Helper()
	if got := checkWhole(t, dir, id, want); got != want {
		t.Fatalf("%d answers were acknowledged, %d are kept", want, got)
	}
}

// checkWhole makes sure that the sitting and its answers agree, that at least
// the acknowledged answers are there, and returns how many there are.
func checkWhole(t *testing.T, dir string, id sitting.ID, acknowledged int) int {
	t.Helper()
	s, given := kept(t, dir, id)
	if s.Seq != len(given) || len(given) < acknowledged || len(given) > acknowledged+1 || s.State.Ended() {
		t.Fatalf("%d answers acknowledged; the sitting is %s at %d with %d answers", acknowledged, s.State, s.Seq, len(given))
	}
	for i, g := range given {
		if g.Seq != i || g.Outcome != exam.DontKnow || g.Question == "" {
			t.Fatalf("answer %d is kept as %+v", i, g)
		}
	}
	return len(given)
}

// A server that is asked to stop lets go of everything and says nothing went wrong.
func TestAServerStopsWhenAsked(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	dir := t.TempDir()
	std, _, _ := testStreams("")
	listening := make(chan string, 1)
	done := make(chan error, 1)
	clock := testkit.NewClock()
	go func() {
		command := serveCommand{dataFlag: dataFlag{Data: dir}, Addr: "127.0.0.1:0"}
		done <- command.serve(ctx, std, clock.Now, func(a netAddr) { listening <- a.String() })
	}()
	var address string
	select {
	case address = <-listening:
	case err := <-done:
		t.Fatal(err)
	}
	client := testkit.NewClient(t, "http://"+address)
	if reply := client.Get(t, "/healthz"); reply.Status != http.StatusOK {
		t.Errorf("health: status %d", reply.Status)
	}
	health := healthCommand{Addr: address}
	if err := health.Run(context.Background()); err != nil {
		t.Errorf("asking for the health of a server that is well: %v", err)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("stopping: %v", err)
	}
	if err := health.Run(context.Background()); err == nil {
		t.Error("a server that has stopped is said to be well")
	}
}

// The link that makes the first admin is in the log once, and works once.
func TestTheFirstAdminIsMadeByTheLinkInTheLog(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	std, _, log := testStreams("")
	listening := make(chan string, 1)
	done := make(chan error, 1)
	go func() {
		command := serveCommand{dataFlag: dataFlag{Data: t.TempDir()}, Addr: "127.0.0.1:0", LogJSON: true}
		done <- command.serve(ctx, std, testkit.NewClock().Now, func(a netAddr) { listening <- a.String() })
	}()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	}()
	client := testkit.NewClient(t, "http://"+<-listening)
	_, rest, ok := strings.Cut(log.String(), "/setup?token=")
	if !ok || len(rest) < 32 {
		t.Fatalf("no link in the log:\n%s", log.String())
	}
	token := rest[:32]
	for i, want := range []int{http.StatusSeeOther, http.StatusForbidden} {
		form := map[string][]string{"token": {token}, "email": {fmt.Sprintf("admin%d@example.org", i)}, "password": {testkit.Password}}
		if reply := client.Post(t, "/setup", form); reply.Status != want {
			t.Errorf("claim %d: status %d, want %d", i+1, reply.Status, want)
		}
	}
	client.Get(t, "/setup?token="+token) // a link that was opened again
	if body := client.Get(t, "/banks").Body; !strings.Contains(body, "Question banks") {
		t.Errorf("the first admin may not see the banks:\n%s", body)
	}
	if strings.Contains(log.String(), testkit.Password) {
		t.Error("the log holds a password")
	}
	if strings.Count(log.String(), token) != 1 {
		t.Error("the log repeats the one-time token")
	}
}
