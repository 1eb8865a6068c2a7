package authoring

import (
	"context"

	"sextant/internal/exam"
	"sextant/internal/exchange"
	"sextant/internal/fault"
)

// ImageStore is where images are kept, each under a key made of its bytes.
type ImageStore interface {
	KeepMedia(ctx context.Context, images map[string]exam.Image) error
}

// AddImage keeps an image for the questions of a bank and returns its key, which
// Markdown shows as ![alt](media:KEY). It returns fault.KindInvalid when it is too
// large or of no type that is shown.
func (s *Service) AddImage(ctx context.Context, a Actor, images ImageStore, id exam.BankID, name string, data []byte) (key string, err error) {
	defer fault.Op(&err, "authoring.AddImage(%s)", id)
	if _, err := s.Bank(ctx, a, id); err != nil {
		return "", err
	}
	var doc exchange.Document
	key, err = doc.AddMedia(name, data)
	if err != nil {
		return "", fault.Invalid("%s. Nothing was added.", err)
	}
	return key, images.KeepMedia(ctx, doc.Media)
}
