// SPDX-License-Identifier: Apache-2.0

// Command oberih-go-check verifies a journal with Go's own transparency-log code
// (golang.org/x/mod/sumdb) and nothing of Oberih's: the checkpoint's signature, every tile against
// the signed root, every leaf against its hash, inclusion and consistency proofs. The journal is a
// folder of tiles, an export of a whole journal, or a server's URL. It exits with 0 only when all of it verifies.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type files []string

func (list *files) String() string     { return strings.Join(*list, " ") }
func (list *files) Set(s string) error { *list = append(*list, s); return nil }

func main() {
	var access access
	var older files
	key := flag.String("key", "", "verifier key of the journal: name+id+base64")
	checkpoint := flag.String("checkpoint", "", "file of the signed note; none: the journal's newest")
	leaves := flag.Bool("leaves", true, "walk the leaves too; a server gives them to auditors only")
	flag.Var(&older, "older", "file of an older signed note that this one must continue; repeatable")
	flag.StringVar(&access.tree, "tree", "", "folder, or https://host:port")
	flag.StringVar(&access.export, "export", "", "folder of an export of a whole journal, for -tree")
	flag.StringVar(&access.save, "save", "", "folder to keep what was fetched")
	flag.StringVar(&access.certificate, "certificate", "", "client's certificate (PEM)")
	flag.StringVar(&access.privateKey, "private-key", "", "client's key (PEM)")
	flag.StringVar(&access.serverSpki, "server-spki", "", "SHA-256 of the server's public key, hex")
	flag.Parse()
	report, err := check(&access, *key, *checkpoint, older, *leaves)
	if err != nil {
		fmt.Fprintln(os.Stderr, "REFUSED: "+err.Error())
		os.Exit(1)
	}
	fmt.Println(report)
}

func check(access *access, key, checkpoint string, older files, leaves bool) (string, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return "", fmt.Errorf("the verifier key: %w", err)
	}
	if err := access.open(); err != nil {
		return "", err
	}
	var text []byte
	if checkpoint == "" && access.export != "" {
		text, err = os.ReadFile(filepath.Join(access.export, "checkpoint"))
	} else if checkpoint == "" {
		text, err = access.read("checkpoint")
	} else {
		text, err = os.ReadFile(checkpoint)
	}
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(text, verifier)
	if err != nil {
		return "", fmt.Errorf("the checkpoint: %w", err)
	}
	if tree.N == 0 {
		return "size 0: the signature and the empty root verify", checkEmpty(tree)
	}
	hashes := tlog.TileHashReader(tree, access)
	walked := int64(0)
	if access.export != "" {
		if hashes, err = readExport(access.export, tree); err != nil {
			return "", err
		}
		walked = tree.N
	} else if leaves {
		if walked, err = checkLeaves(access, tree, hashes); err != nil {
			return "", err
		}
	}
	proven, err := checkInclusion(tree, hashes)
	if err != nil {
		return "", err
	}
	for _, file := range older {
		if err := checkOlder(file, verifier, tree, hashes); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
	}
	return fmt.Sprintf("size %d: the signature, %d tiles, %d leaves, %d inclusion and %d consistency"+
		" proofs verify", tree.N, access.tilesRead, walked, proven, len(older)), nil
}

func checkEmpty(tree tlog.Tree) error {
	if tree.Hash != tlog.Hash(sha256.Sum256(nil)) {
		return fmt.Errorf("the root of size 0 is not that of the empty tree")
	}
	return nil
}

// openCheckpoint reads origin, size, root and Oberih's one extension line.
func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 5 || lines[0] != verifier.Name() || lines[4] != "" {
		return tlog.Tree{}, fmt.Errorf("it has not the lines of this journal's checkpoints")
	}
	var size, count int64
	if _, err := fmt.Sscanf(lines[1], "%d", &size); err != nil || fmt.Sprint(size) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("its size is no decimal number")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	if _, err := fmt.Sscanf(lines[3], "directory %d ", &count); err != nil || count > size {
		return tlog.Tree{}, fmt.Errorf("its directory line is wrong")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// checkLeaves hashes every leaf of every bundle and compares with the hash in the tree.
func checkLeaves(access *access, tree tlog.Tree, hashes tlog.HashReader) (int64, error) {
	for first := int64(0); first < tree.N; first += tileWidth {
		width := tree.N - first
		if width > tileWidth {
			width = tileWidth
		}
		bundle, err := access.read(bundlePath(first/tileWidth, width))
		if err != nil {
			return 0, err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		expected, err := hashes.ReadHashes(indexes)
		if err != nil {
			return 0, err
		}
		for i := int64(0); i < width; i++ {
			leaf, rest, err := cutLeaf(bundle)
			if err != nil {
				return 0, fmt.Errorf("leaf %d: %w", first+i, err)
			}
			if tlog.RecordHash(leaf) != expected[i] {
				return 0, fmt.Errorf("leaf %d is not the one that was hashed", first+i)
			}
			bundle = rest
		}
		if len(bundle) != 0 {
			return 0, fmt.Errorf("bytes follow leaf %d", first+width-1)
		}
	}
	return tree.N, nil
}

func cutLeaf(bundle []byte) (leaf, rest []byte, err error) {
	if len(bundle) < 2 {
		return nil, nil, fmt.Errorf("the bundle ends")
	}
	length := int(bundle[0])<<8 | int(bundle[1])
	if len(bundle) < 2+length {
		return nil, nil, fmt.Errorf("the bundle ends within the leaf")
	}
	return bundle[2 : 2+length], bundle[2+length:], nil
}

// checkInclusion proves leaves at the edges of tiles and one of every 4,099 between.
func checkInclusion(tree tlog.Tree, hashes tlog.HashReader) (int, error) {
	indexes := map[int64]bool{0: true, tree.N / 2: true, tree.N - 1: true}
	for _, edge := range []int64{255, 256, 65279} {
		if edge < tree.N {
			indexes[edge] = true
		}
	}
	for index := int64(0); index < tree.N; index += 4099 {
		indexes[index] = true
	}
	for index := range indexes {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return 0, err
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]); err != nil {
			return 0, fmt.Errorf("inclusion of leaf %d: %w", index, err)
		}
	}
	return len(indexes), nil
}

func checkOlder(file string, verifier note.Verifier, tree tlog.Tree, hashes tlog.HashReader) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	old, err := openCheckpoint(text, verifier)
	if err != nil {
		return err
	}
	if old.N == 0 {
		return checkEmpty(old)
	}
	if old.N > tree.N {
		return fmt.Errorf("the journal has become smaller: %d leaves after %d", tree.N, old.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("size %d does not continue size %d: %w", tree.N, old.N, err)
	}
	return nil
}
