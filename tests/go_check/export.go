// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// exportedHashes are the stored hashes of a tree whose leaves were all read.
type exportedHashes []tlog.Hash

func (h exportedHashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(h)) {
			return nil, fmt.Errorf("hash %d is not in the export", index)
		}
		found = append(found, h[index])
	}
	return found, nil
}

// readExport hashes every leaf of an export of a whole journal, which has bundles of leaves and no
// tiles of hashes, and compares the root with the signed one.
func readExport(folder string, tree tlog.Tree) (tlog.HashReader, error) {
	var hashes exportedHashes
	for first := int64(0); first < tree.N; first += tileWidth {
		width := tree.N - first
		if width > tileWidth {
			width = tileWidth
		}
		path := strings.Replace(bundlePath(first/tileWidth, width), "tile/entries/", "leaves/", 1)
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			leaf, rest, err := cutLeaf(bundle)
			if err != nil {
				return nil, fmt.Errorf("leaf %d: %w", first+i, err)
			}
			stored, err := tlog.StoredHashes(first+i, leaf, hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, stored...)
			bundle = rest
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("bytes follow leaf %d", first+width-1)
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, fmt.Errorf("the leaves have another root than the one that was signed")
	}
	return hashes, nil
}
