//! Bindings of made-up resources, in the form of the published ones.

use super::*;

const RESOURCE: &str = r#"
export interface BoxConfig extends cdktf.TerraformMetaArguments {
  /**
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#name Box#name}
  */
  readonly name: string;
  /**
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#tags Box#tags}
  */
  readonly tags?: { [key: string]: string };
  /**
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#zones Box#zones}
  */
  readonly zones?: string[];
  /**
  * lid block
  *
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#lid Box#lid}
  */
  readonly lid: BoxLid;
  /**
  * route block, which is none
  *
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#route Box#route}
  */
  readonly route?: BoxLid[] | cdktf.IResolvable;
}
export interface BoxLid {
  /**
  * Docs at Terraform Registry: {@link https://x/1.0.0/docs/resources/box#open Box#open}
  */
  readonly open?: boolean | cdktf.IResolvable;
}

export function boxLidToHclTerraform(struct?: BoxLidOutputReference | BoxLid): any {
  const attrs = {
    open: {
      value: cdktf.booleanToHclTerraform(struct!.open),
      isBlock: false,
      type: "simple",
      storageClassType: "boolean",
    },
  };
}

export class BoxLidOutputReference extends cdktf.ComplexObject {
  // open - computed: false, optional: true, required: false
  private _open?: boolean | cdktf.IResolvable;
}
export interface BoxPart {
}
export function boxPartToHclTerraform(struct?: BoxPart): any {
  const attrs = {
  };
  return attrs;
}
export class BoxPartOutputReference extends cdktf.ComplexObject {
  // size - computed: true, optional: false, required: false
  public get size() {
    return this.getNumberAttribute('size');
  }
  // all - computed: true, optional: false, required: false
  public get all() {
    return cdktf.Fn.tolist(this.getListAttribute('all'));
  }
}
export class BoxPartList extends cdktf.ComplexList {
}
export class Box extends cdktf.TerraformResource {
  public static readonly tfResourceType = "toy_box";

  // arn - computed: true, optional: false, required: false
  public get arn() {
    return this.getStringAttribute('arn');
  }

  // lid - computed: false, optional: false, required: true
  private _lid = new BoxLidOutputReference(this, "lid");

  // name - computed: false, optional: false, required: true
  private _name?: string;

  // parts - computed: true, optional: false, required: false
  private _parts = new BoxPartList(this, "parts", true);

  // route - computed: true, optional: true, required: false
  private _route = new BoxLidList(this, "route", false);

  // tags - computed: false, optional: true, required: false
  private _tags?: { [key: string]: string };

  // zones - computed: true, optional: true, required: false
  private _zones?: string[];

  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      name: {
        value: cdktf.stringToHclTerraform(this._name),
        isBlock: false,
        type: "simple",
        storageClassType: "string",
      },
      tags: {
        value: cdktf.hashMapperHcl(cdktf.stringToHclTerraform)(this._tags),
        isBlock: false,
        type: "map",
        storageClassType: "stringMap",
      },
      zones: {
        value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._zones),
        isBlock: false,
        type: "set",
        storageClassType: "stringList",
      },
      lid: {
        value: boxLidToHclTerraform(this._lid.internalValue),
        isBlock: true,
        type: "list",
        storageClassType: "BoxLidList",
      },
      route: {
        value: cdktf.listMapperHcl(boxLidToHclTerraform, false)(this._route.internalValue),
        isBlock: true,
        type: "list",
        storageClassType: "BoxLidList",
      },
    };
  }
}
"#;

fn attribute(kind: &Value, [required, optional, computed]: [bool; 3]) -> Value {
    json!({"type": kind, "required": required, "optional": optional, "computed": computed})
}

#[test]
fn a_resource_has_its_arguments_blocks_and_types() {
    let lid = json!({
        "attributes": {"open": attribute(&json!("bool"), [false, true, false])},
        "block_types": {},
    });
    let part = json!(["object", {"all": ["set", "string"], "size": "number"}]);
    let block = json!({
        "attributes": {
            "arn": {"type": "string", "computed": true},
            "name": attribute(&json!("string"), [true, false, false]),
            "parts": {"type": ["set", part], "computed": true},
            "route": attribute(&json!(["list", ["object", {"open": "bool"}]]), [false, true, true]),
            "tags": attribute(&json!(["map", "string"]), [false, true, false]),
            "zones": attribute(&json!(["set", "string"]), [false, true, true]),
        },
        "block_types": {"lid": {"nesting_mode": "list", "min_items": 1, "max_items": 1, "block": lid}},
    });
    let wanted = Binding { kind: "resource", name: "toy_box".to_owned(), block };
    assert_eq!(read(RESOURCE, false).unwrap(), wanted);
}

/// Protocol 6 names the attributes of a list of objects, which may each be left out.
#[test]
fn lists_of_objects_are_nested_where_the_provider_has_that() {
    let binding = read(RESOURCE, true).unwrap();
    let route = &binding.block["attributes"]["route"];
    assert_eq!(route["nested_type"]["nesting_mode"], "list");
    assert_eq!(route["nested_type"]["attributes"]["open"]["optional"], true);
    assert!(route["type"].is_null());
}

/// A provider's own structures have interfaces and tables, and no classes; `alias` is Terraform's.
#[test]
fn a_provider_is_configured() {
    let text = RESOURCE
        .replace("cdktf.TerraformResource", "cdktf.TerraformProvider")
        .replace("class Box ", "class BoxProvider ");
    let text = text.replace("interface BoxConfig", "interface BoxProviderConfig").replace("zones", "alias");
    let start = text.find("export class BoxLidOutputReference").unwrap();
    let end = text.find("export interface BoxPart").unwrap();
    let binding = read(&format!("{}{}", &text[..start], &text[end..]), false).unwrap();
    assert_eq!((binding.kind, binding.name.as_str()), ("provider", ""));
    assert_eq!(binding.block["block_types"]["lid"]["block"]["attributes"]["open"]["optional"], true);
    assert!(binding.block["attributes"]["alias"].is_null());
}

#[test]
fn what_is_no_binding_is_told() {
    assert_eq!(
        read("export class X extends cdktf.ComplexObject {}", false),
        Err("no resource, data source or provider".to_owned())
    );
    assert!(
        read(&RESOURCE.replace("getNumberAttribute", "getSomething"), false).unwrap_err().contains("size: no type")
    );
    assert_eq!(source("no map"), Err("no source map".to_owned()));
    let map = base64::engine::general_purpose::STANDARD.encode(json!({"sourcesContent": ["text"]}).to_string());
    assert_eq!(source(&format!("x\n//# sourceMappingURL=data:application/json;base64,{map}\n")), Ok("text".to_owned()));
}
