#![allow(clippy::print_stdout, missing_docs)]
fn main() {
    use ascad::catalogue::*;
    let args: Vec<String> = std::env::args().collect();
    let release = Release::parse(&args[1]).unwrap();
    let edition = Edition::parse(&args[2]).unwrap();
    for path in &args[3..] {
        let source = std::fs::read(path).unwrap();
        let report = ascad::lint::lint(&source, release, edition);
        println!("{path}: starts {}", report.starts);
        for p in report.problems {
            println!(
                "   {:?} {:?}:{} {} {}",
                p.severity,
                p.place(),
                p.column,
                p.code,
                p.message
            );
        }
    }
}
