package httpd

import (
	"context"
	"net/http"
	"regexp"

	"github.com/gin-gonic/gin"

	"sextant/internal/authoring"
	"sextant/internal/exam"
	"sextant/internal/fault"
)

// Images keeps the images that questions show.
type Images interface {
	authoring.ImageStore
	// Media returns an image, or fault.KindNotFound.
	Media(ctx context.Context, key string) (exam.Image, error)
}

var mediaKey = regexp.MustCompile(`^[0-9a-f]{64}\.(png|jpg|gif|webp)$`)

// media serves an image of a question. Its key is a hash of what it shows: whoever
// knows the key was shown the image by a question, and it never changes. It takes
// a session, which everybody has who was asked anything.
func (h *Handler) media(c *gin.Context) error {
	if _, err := someone(c); err != nil {
		return err
	}
	key := c.Param("key")
	if !mediaKey.MatchString(key) {
		return fault.NotFound("There is no such image.")
	}
	if c.GetHeader("If-None-Match") == `"`+key+`"` {
		c.Header("Cache-Control", "private, max-age=31536000, immutable")
		c.Status(http.StatusNotModified)
		return nil
	}
	image, err := h.Images.Media(c.Request.Context(), key)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "private, max-age=31536000, immutable")
	c.Header("ETag", `"`+key+`"`)
	c.Header("Content-Disposition", "inline")
	c.Data(http.StatusOK, image.Type, image.Data)
	return nil
}
