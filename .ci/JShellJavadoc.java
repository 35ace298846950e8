import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** Fails if JShell has no Javadoc for calls of Gradus. Usage: {@code java -javaagent:gradus.jar JShellJavadoc.java gradus.jar}. */
public class JShellJavadoc {
    // Since some release after 17 JShell shows no Javadoc of an inherited method, not even that of new ArrayList().stream(;
    // so these are methods that their own classes declare.
    private static final List<String> CALLS = List.of(
            "gradus.graph.Node.variable(",
            "gradus.array.Tensor",
            "gradus.ops.Ops.tanh(",
            "gradus.graph.Node.variable(1.0).named(",
            "new gradus.nn.Linear(");

    public static void main(String[] args) {
        try (JShell shell = JShell.create()) {
            shell.addToClasspath(args[0]);
            for (String call : CALLS) {
                List<Documentation> all = shell.sourceCodeAnalysis().documentation(call, call.length(), true);
                if (all.isEmpty() || all.stream().anyMatch(d -> d.javadoc() == null || d.javadoc().isBlank())) {
                    System.err.println("JShell shows no Javadoc of " + call);
                    System.exit(1);
                }
            }
        }
    }
}
