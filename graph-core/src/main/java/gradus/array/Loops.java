package gradus.array;

/**
 * Which implementation of the hot loops this process runs, chosen once when the class loads. There is one so far: plain
 * Java. A faster one is put in here, behind the same two interfaces, and has to pass the same tests.
 */
final class Loops {
    static final Loops64 F64 = new PlainLoops64();
    static final Loops32 F32 = new PlainLoops32();

    private Loops() {}
}
