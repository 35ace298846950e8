package gradus.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long Java's compiler has worked in this process. Java itself counts a compilation when it ends, and one may take
 * half a second; Linux also says what its threads have done so far, in steps of 10 milliseconds.
 */
final class CompilerTime {
    private static final CompilationMXBean ENDED = ManagementFactory.getCompilationMXBean();
    private static final Path THREADS = Path.of("/proc/self/task");
    /** How names of the threads begin that compile what runs often; Linux keeps 15 characters. */
    private static final String OPTIMISER = "C2 Compiler";
    /** Milliseconds of a step of the system's clock. */
    private static final int TICK = 10;

    private CompilerTime() {}

    /** Returns milliseconds. */
    static long now() {
        if (!Files.isDirectory(THREADS)) {
            return ENDED.getTotalCompilationTime();
        }
        try (Stream<Path> threads = Files.list(THREADS)) {
            return threads.mapToLong(CompilerTime::ofThread).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ofThread(Path thread) {
        try {
            if (!Files.readString(thread.resolve("comm")).startsWith(OPTIMISER)) {
                return 0;
            }
            String stat = Files.readString(thread.resolve("stat"));
            List<String> afterName =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            return TICK * (Long.parseLong(afterName.get(11)) + Long.parseLong(afterName.get(12))); // utime, stime
        } catch (IOException e) {
            return 0; // the thread has ended
        }
    }
}
