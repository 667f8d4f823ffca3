// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	mostBytes  = 32 << 20 // a bundle of 256 leaves of 65,535 bytes, and room
)

// access reads files of the tree from a folder or a server, and is the tlog.TileReader.
type access struct {
	tree, save, export                  string
	certificate, privateKey, serverSpki string
	client                              *http.Client
	tilesRead                           int
}

func (a *access) open() error {
	if !strings.HasPrefix(a.tree, "https://") {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(a.certificate, a.privateKey)
	if err != nil {
		return err
	}
	spki, err := hex.DecodeString(a.serverSpki)
	if err != nil || len(spki) != sha256.Size {
		return fmt.Errorf("-server-spki must be 64 hex digits")
	}
	config := &tls.Config{
		Certificates: []tls.Certificate{pair},
		MinVersion:   tls.VersionTLS13,
		// Both certificates are carriers of a key: the pin below is the whole of the trust.
		InsecureSkipVerify: true,
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			shown, err := x509.ParseCertificate(raw[0])
			if err != nil {
				return err
			}
			if sum := sha256.Sum256(shown.RawSubjectPublicKeyInfo); string(sum[:]) != string(spki) {
				return fmt.Errorf("the server shows another key")
			}
			return nil
		},
	}
	a.client = &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true},
	}
	return nil
}

func (a *access) read(path string) ([]byte, error) {
	if a.client == nil {
		return os.ReadFile(filepath.Join(a.tree, path))
	}
	response, err := a.client.Get(a.tree + "/" + path)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s: %s", path, response.Status, strings.TrimSpace(string(data)))
	}
	if a.save != "" {
		file := filepath.Join(a.save, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
	}
	return data, nil
}

// Height, ReadTiles and SaveTiles make it a tlog.TileReader.
func (a *access) Height() int { return tileHeight }

func (a *access) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// sumdb writes the height into the path; C2SP has always eight.
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
		data, err := a.read(path)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
		a.tilesRead++
	}
	return all, nil
}

func (a *access) SaveTiles([]tlog.Tile, [][]byte) {}

func bundlePath(index, width int64) string {
	tile := tlog.Tile{H: tileHeight, L: 0, N: index, W: int(width)}
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", tileHeight), "tile/entries/", 1)
}
