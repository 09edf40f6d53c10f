//! What is uploaded.

use std::process::Command;

/// Says of an archive what Lambda sees.
const INSPECT: &str = "
import base64, hashlib, sys, zipfile
for entry in zipfile.ZipFile(sys.argv[1]).infolist():
    print(entry.filename, oct(entry.external_attr >> 16))
print(base64.b64encode(hashlib.sha256(open(sys.argv[1], 'rb').read()).digest()).decode())
";

/// Terraform uploads what has another hash, and Lambda starts what may be executed.
#[test]
fn the_same_program_is_packed_into_the_same_bytes_and_can_be_executed() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    std::fs::write(&program, "#!/bin/sh\n".repeat(1000)).unwrap();
    let output = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let pack = |name: &str| {
        let zip = folder.path().join(name);
        let hash = output(Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/package")).args([&program, &zip]));
        (std::fs::read(zip).unwrap(), hash)
    };
    let (bytes, hash) = pack("one.zip");
    // When it was built does not matter.
    output(Command::new("touch").args(["-d", "2001-01-01"]).arg(&program));
    assert_eq!(pack("two.zip"), (bytes, hash.clone()));
    let inspected = output(Command::new("python3").args(["-c", INSPECT]).arg(folder.path().join("one.zip")));
    assert_eq!(inspected, format!("bootstrap 0o100755\n{hash}"));
}
