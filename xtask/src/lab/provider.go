// A Terraform provider that has schemas and nothing else: they are in schema.json beside it. Terraform can check a configuration
// against them, and try it with mock_provider; planning or applying without that fails.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type attribute struct {
	Type     json.RawMessage `json:"type"`
	Nested   *nested         `json:"nested_type"`
	Required bool            `json:"required"`
	Optional bool            `json:"optional"`
	Computed bool            `json:"computed"`
}

type nested struct {
	Mode       string               `json:"nesting_mode"`
	Attributes map[string]attribute `json:"attributes"`
}

type block struct {
	Attributes map[string]attribute `json:"attributes"`
	Blocks     map[string]struct {
		Mode  string `json:"nesting_mode"`
		Block block  `json:"block"`
		Min   int64  `json:"min_items"`
		Max   int64  `json:"max_items"`
	} `json:"block_types"`
}

type schemas struct {
	Source    string           `json:"source"`
	Provider  block            `json:"provider"`
	Resources map[string]block `json:"resources"`
	Data      map[string]block `json:"data"`
}

func attributes(from map[string]attribute) []*tfprotov6.SchemaAttribute {
	modes := map[string]tfprotov6.SchemaObjectNestingMode{
		"single": tfprotov6.SchemaObjectNestingModeSingle,
		"list":   tfprotov6.SchemaObjectNestingModeList,
		"set":    tfprotov6.SchemaObjectNestingModeSet,
		"map":    tfprotov6.SchemaObjectNestingModeMap,
	}
	var all []*tfprotov6.SchemaAttribute
	for name, about := range from {
		out := &tfprotov6.SchemaAttribute{Name: name, Required: about.Required, Optional: about.Optional, Computed: about.Computed}
		if about.Nested != nil {
			out.NestedType = &tfprotov6.SchemaObject{Nesting: modes[about.Nested.Mode], Attributes: attributes(about.Nested.Attributes)}
		} else {
			kind, err := tftypes.ParseJSONType(about.Type) //nolint:staticcheck // the form that schemas have
			if err != nil {
				log.Fatalf("%s: %v", name, err)
			}
			out.Type = kind
		}
		all = append(all, out)
	}
	return all
}

func blocks(from block) *tfprotov6.SchemaBlock {
	modes := map[string]tfprotov6.SchemaNestedBlockNestingMode{
		"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
		"list":   tfprotov6.SchemaNestedBlockNestingModeList,
		"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
		"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
	}
	out := &tfprotov6.SchemaBlock{Attributes: attributes(from.Attributes)}
	for name, about := range from.Blocks {
		out.BlockTypes = append(out.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: blocks(about.Block), Nesting: modes[about.Mode], MinItems: about.Min, MaxItems: about.Max,
		})
	}
	return out
}

// server answers what Terraform asks when it validates; the rest is refused.
type server struct {
	tfprotov6.ProviderServer
	schemas schemas
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	out := &tfprotov6.GetProviderSchemaResponse{
		Provider:          &tfprotov6.Schema{Block: blocks(s.schemas.Provider)},
		ResourceSchemas:   map[string]*tfprotov6.Schema{},
		DataSourceSchemas: map[string]*tfprotov6.Schema{},
	}
	for name, about := range s.schemas.Resources {
		out.ResourceSchemas[name] = &tfprotov6.Schema{Block: blocks(about)}
	}
	for name, about := range s.schemas.Data {
		out.DataSourceSchemas[name] = &tfprotov6.Schema{Block: blocks(about)}
	}
	return out, nil
}

func (s *server) ValidateProviderConfig(_ context.Context, in *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: in.Config}, nil
}

func (s *server) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s *server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s *server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{Diagnostics: []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "This provider has schemas and nothing else",
	}}}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func main() {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(program), "schema.json"))
	if err != nil {
		log.Fatal(err)
	}
	s := &server{}
	if err := json.Unmarshal(text, &s.schemas); err != nil {
		log.Fatal(err)
	}
	if err := tf6server.Serve(s.schemas.Source, func() tfprotov6.ProviderServer { return s }); err != nil {
		log.Fatal(err)
	}
}
