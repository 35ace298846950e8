package gradus.array;

/** Checks of arguments at public entries. */
final class Arguments {
    private Arguments() {}

    /**
     * Returns the argument.
     *
     * @throws NullPointerException if it is null, {@code add: b is null} for one
     */
    static <T> T nonNull(T argument, String op, String name) {
        if (argument == null) {
            throw new NullPointerException(op + ": " + name + " is null");
        }
        return argument;
    }
}
