internal import ArgumentParser

@main
struct Vesper: ParsableCommand {
}
