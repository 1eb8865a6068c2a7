package outlet_test

import (
	"errors"
	"strings"
	"testing"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/exchange/outlet"
)

func TestImagesAreCollectedOnceAndThoseThatAreNotThereLeftOut(t *testing.T) {
	one, two := strings.Repeat("1", 64)+".png", strings.Repeat("2", 64)+".png"
	questions := []*exam.Question{
		{ID: "a", Ask: "![x](media:" + one + ") ![y](media:" + two + ")"}, {ID: "b", Stem: "![x](media:" + one + ")"},
	}
	asked := 0
	get := func(key string) (exchange.Media, bool, error) {
		asked++
		return exchange.Media{Name: key}, key == one, nil
	}
	images, err := outlet.Images(questions, get)
	if err != nil || len(images) != 1 || images[one].Name != one || asked != 2 {
		t.Errorf("%d images %v, asked %d times, error %v", len(images), images, asked, err)
	}
	broken := errors.New("the disk is gone")
	_, err = outlet.Images(questions, func(string) (exchange.Media, bool, error) { return exchange.Media{}, false, broken })
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "of a") {
		t.Errorf("a failure is told as %v", err)
	}
}
