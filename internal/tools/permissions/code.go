package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	module       = "github.com/ram-provider/terraform-provider-ram/"
	client       = module + "internal/ramapi"
	registration = module + "internal/provider"
)

// code is the provider's code with its types: which functions, fields and
// variables each function refers to, and which actions of the API it names.
type code struct {
	fileSet  *token.FileSet
	packages map[string]*types.Package
	info     types.Info
	refers   map[types.Object]map[types.Object]bool
	actions  map[types.Object]map[string]bool
	known    map[string]bool // the actions that the API has
	bodies   map[types.Object]ast.Node
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// load reads the packages of the module that match the pattern.
func load(pattern string) (*code, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", pattern)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the packages: %w", err)
	}
	c := &code{
		fileSet: token.NewFileSet(), packages: map[string]*types.Package{}, bodies: map[types.Object]ast.Node{},
		info:   types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}},
		refers: map[types.Object]map[types.Object]bool{}, actions: map[types.Object]map[string]bool{},
	}
	if c.known, err = knownActions(); err != nil {
		return nil, err
	}
	exports := map[string]string{}
	others := importer.ForCompiler(c.fileSet, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed // each comes after what it imports
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return c, nil
		} else if err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
		if !strings.HasPrefix(p.ImportPath, module) || strings.HasPrefix(p.ImportPath, module+"internal/tools") || p.ImportPath == module+"internal/ramserver" {
			continue
		}
		if err := c.check(p, others); err != nil {
			return nil, err
		}
	}
}

// check finds out the types of a package, and what it refers to.
func (c *code) check(p listed, others types.Importer) error {
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(c.fileSet, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: importing(func(path string) (*types.Package, error) {
		if own := c.packages[path]; own != nil {
			return own, nil
		}
		return others.Import(path)
	})}
	checked, err := config.Check(p.ImportPath, c.fileSet, files, &c.info)
	if err != nil {
		return err
	}
	c.packages[p.ImportPath] = checked
	for _, file := range files {
		c.collect(file, p.ImportPath == client)
	}
	return nil
}

type importing func(string) (*types.Package, error)

func (i importing) Import(path string) (*types.Package, error) { return i(path) }

// verbs begin the actions that are put together from a verb and a noun.
var verbs = []string{"Get", "Set"}

// actionsNamed gives the actions of the API that a text names, by itself or as the
// beginning of one for each kind of principal, and the text itself where it is a
// verb or a noun of one.
func (c *code) actionsNamed(literal string) (named []string) {
	name := strings.Trim(literal, `"`)
	if slices.Contains(verbs, name) {
		return []string{name}
	}
	for _, of := range []string{"", "User", "Group", "Role"} {
		if c.known[name+of] {
			named = append(named, name+of)
		}
	}
	if c.known[verbs[0]+name] && c.known[verbs[1]+name] {
		named = append(named, name)
	}
	return named
}

// complete puts verbs and nouns together, and leaves out what is no action.
func (c *code) complete(named map[string]bool) map[string]bool {
	actions := map[string]bool{}
	for name := range named {
		if c.known[name] {
			actions[name] = true
		}
		for _, verb := range verbs {
			if named[verb] && c.known[verb+name] {
				actions[verb+name] = true
			}
		}
	}
	return actions
}

// knownActions gives the actions that the API has, which are those of the local
// server.
func knownActions() (map[string]bool, error) {
	text, err := os.ReadFile(filepath.Join("internal", "ramserver", "actions.go"))
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, match := range regexp.MustCompile(`"([A-Z][A-Za-z]+)":`).FindAllStringSubmatch(string(text), -1) {
		known[match[1]] = true
	}
	return known, nil
}

// besides is what every call may do besides, and does without where it may not: to ask
// why it was refused. The session that the provider itself works in is no business of
// a page.
var besides = []string{"explainer", "ensure"}

// collect notes what each function, and each variable and field of the client
// that is given a value, refers to, and which actions it names.
func (c *code) collect(file *ast.File, isClient bool) {
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			of := c.info.Defs[d.Name]
			c.bodies[of] = d
			if d.Body != nil {
				c.note(of, d.Body, isClient)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, isValue := spec.(*ast.ValueSpec); isValue {
					for _, name := range v.Names {
						for _, value := range v.Values {
							c.note(c.info.Defs[name], value, isClient)
						}
					}
				}
			}
		}
	}
}

func (c *code) note(of types.Object, in ast.Node, isClient bool) {
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			c.refer(of, c.info.Uses[n])
		case *ast.BasicLit:
			if isClient && n.Kind == token.STRING {
				for _, action := range c.actionsNamed(n.Value) {
					add(c.actions, of, action)
				}
			}
		case *ast.AssignStmt: // what a field of the client is given, whoever uses the field refers to
			for i, left := range n.Lhs {
				if selector, isField := left.(*ast.SelectorExpr); isField && len(n.Lhs) == len(n.Rhs) && c.isOfClient(selector.Sel) {
					c.note(c.info.Uses[selector.Sel], n.Rhs[i], isClient)
				}
			}
		case *ast.KeyValueExpr:
			if key, isName := n.Key.(*ast.Ident); isName && c.isOfClient(key) {
				c.note(c.info.Uses[key], n.Value, isClient)
			}
		}
		return true
	})
}

// isOfClient reports whether a name is that of a field of the client, or of the
// tables in it.
func (c *code) isOfClient(name *ast.Ident) bool {
	p := c.packages[client]
	if p == nil {
		return false
	}
	for _, holder := range []string{"Client", "tables"} {
		fields, _ := p.Scope().Lookup(holder).Type().Underlying().(*types.Struct)
		for i := range fields.NumFields() {
			if c.info.Uses[name] == fields.Field(i) {
				return true
			}
		}
	}
	return false
}

// refer notes that one thing of the module refers to another. A method or a field
// of a generic type is that of its origin.
func (c *code) refer(of, to types.Object) {
	switch o := to.(type) {
	case *types.Func:
		to = o.Origin()
	case *types.Var:
		to = o.Origin()
	default:
		return
	}
	if to.Pkg() == nil || !strings.HasPrefix(to.Pkg().Path(), module) {
		return
	}
	if v, isVar := to.(*types.Var); isVar && !v.IsField() && to.Parent() != to.Pkg().Scope() {
		return // a local variable
	}
	add(c.refers, of, to)
}

func add[K, V comparable](sets map[K]map[V]bool, key K, value V) {
	if sets[key] == nil {
		sets[key] = map[V]bool{}
	}
	sets[key][value] = true
}

// needs gives the actions of each operation, by the folder and the type name of
// what has a page.
func (c *code) needs() map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for _, k := range kinds {
		for _, made := range c.registered(k.constructor) {
			typeName := c.typeName(made)
			operations := map[string][]string{}
			for _, op := range k.operations {
				actions := map[string]bool{}
				for _, method := range op.methods {
					if m := methodOf(made, method); m != nil {
						c.reach(m, map[types.Object]bool{}, actions)
					}
				}
				operations[op.name] = sortedSet(c.complete(actions))
			}
			all[k.folder+"/"+typeName] = operations
		}
	}
	return all
}

// registered gives the types that a method of the provider lists constructors of.
func (c *code) registered(constructor string) []types.Type {
	var made []types.Type
	provider := c.packages[registration].Scope().Lookup("ramProvider").Type()
	m := methodOf(types.NewPointer(provider), constructor)
	for to := range c.refers[m] {
		function, isFunc := to.(*types.Func)
		if !isFunc {
			continue
		}
		body, isDecl := c.bodies[function].(*ast.FuncDecl)
		if !isDecl {
			continue
		}
		ast.Inspect(body, func(n ast.Node) bool { // return &someResource{}
			literal, isLiteral := n.(*ast.CompositeLit)
			if !isLiteral {
				return true
			}
			if name, isName := literal.Type.(*ast.Ident); isName {
				if object := c.info.Uses[name]; object != nil {
					made = append(made, types.NewPointer(object.Type()))
				}
			}
			return false
		})
	}
	return made
}

// typeName gives the name that a type's Metadata sets.
func (c *code) typeName(of types.Type) string {
	m := methodOf(of, "Metadata")
	name := ""
	if body, isDecl := c.bodies[m].(*ast.FuncDecl); isDecl {
		ast.Inspect(body, func(n ast.Node) bool {
			value, isExpression := n.(ast.Expr)
			if !isExpression {
				return name == ""
			}
			if v := c.info.Types[value].Value; v != nil && v.Kind() == constant.String && strings.HasPrefix(constant.StringVal(v), "ram_") {
				name = constant.StringVal(v)
			}
			return name == ""
		})
	}
	return name
}

// methodOf gives a method of a type, its own or that of what it embeds, nil for none.
func methodOf(of types.Type, name string) types.Object {
	selection := types.NewMethodSet(of).Lookup(nil, name)
	if selection == nil {
		return nil
	}
	return selection.Obj().(*types.Func).Origin()
}

// reach collects the actions of whatever can be reached.
func (c *code) reach(from types.Object, seen map[types.Object]bool, actions map[string]bool) {
	if seen[from] || slices.Contains(besides, from.Name()) {
		return
	}
	seen[from] = true
	for action := range c.actions[from] {
		actions[action] = true
	}
	for to := range c.refers[from] {
		c.reach(to, seen, actions)
	}
}
