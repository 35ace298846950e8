package experiments;

import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Linear;
import gradus.nn.Sequential;
import gradus.nn.data.Dataset;
import gradus.nn.data.StandardScaler;
import gradus.nn.data.Synthetic;
import gradus.nn.optim.Adam;
import gradus.nn.train.History;
import gradus.nn.train.Trainer;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Will I pass this class, after 4 lectures and 5 hours of work on the project? And after 8 lectures and 20 hours, and with which grade? */
public final class PassClass {
    /** The students asked about: lectures attended, hours spent on the project. */
    public static final Tensor STUDENTS = Tensor.of(new double[][] {{4, 5}, {8, 20}});

    /** By epoch, 0 before the first, the probability that each of the students passes. */
    public record Passing(Sequential model, StandardScaler scaler, List<double[]> probabilities, double accuracy) {}

    /** The predicted grades of the students in percent, the error on other students, and the history. */
    public record Grades(double[] grades, double rootMeanSquaredError, History history) {}

    private PassClass() {}

    /** Trains by cross entropy from an output bias that gives everyone a probability of 10%. */
    public static Passing passing(int n, int epochs, long seed) {
        Dataset students = Synthetic.passed(n, seed);
        StandardScaler scaler = StandardScaler.of(students);
        Sequential model = network(2);
        model.initialize(seed);
        model.parameters().get("2.weight").assign(Tensor.zeros(8, 2));
        model.parameters().get("2.bias").assign(Tensor.of(Math.log(0.9), Math.log(0.1)));
        List<double[]> probabilities = new ArrayList<>();
        probabilities.add(probabilities(model, scaler));
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 0.01))
                .batchSize(20)
                .epochs(epochs)
                .seed(seed)
                .callback(p -> probabilities.add(probabilities(model, scaler)))
                .fit(scaler.apply(students));
        Dataset others = scaler.apply(Synthetic.passed(1000, seed + 1));
        return new Passing(model, scaler, probabilities, Trainer.accuracy(model, others));
    }

    /** Trains by the mean squared error of the grade, in units of 100 percent. */
    public static Grades grades(int n, int epochs, long seed) {
        Dataset students = percent(Synthetic.grades(n, seed));
        StandardScaler scaler = StandardScaler.of(students);
        Sequential model = network(1);
        model.initialize(seed);
        History history = Trainer.regressor(model)
                .optimizer(new Adam(model.parameters(), 0.01))
                .batchSize(20)
                .epochs(epochs)
                .seed(seed)
                .fit(scaler.apply(students));
        Dataset others = percent(Synthetic.grades(1000, seed + 1));
        Tensor errors = Trainer.predict(model, scaler.apply(others)).sub(others.y());
        double error = Math.sqrt(errors.mul(errors).mean().item());
        double[] predicted =
                Trainer.predict(model, scaler.apply(STUDENTS)).mul(100).toDoubleArray();
        return new Grades(predicted, 100 * error, history);
    }

    private static Sequential network(int outputs) {
        return Sequential.of(new Linear(2, 8), Node::tanh, new Linear(8, outputs));
    }

    private static Dataset percent(Dataset students) {
        return Dataset.of(students.x(), students.y().div(100));
    }

    private static double[] probabilities(Sequential model, StandardScaler scaler) {
        Node logits = Node.constant(Trainer.predict(model, scaler.apply(STUDENTS)));
        return logits.softmax(-1).value().slice(1, 1, 2).toDoubleArray();
    }

    public static void main(String... args) throws IOException {
        List<String> options = List.of(args);
        boolean full = options.contains("--full");
        Path out = Path.of(options.contains("--out") ? options.get(options.indexOf("--out") + 1) : ".");
        int n = full ? 5000 : 500;
        int epochs = full ? 60 : 30;
        Passing passing = passing(n, epochs, 1);
        Grades grades = grades(n, epochs, 1);
        double[] first = passing.probabilities().get(0);
        double[] last = passing.probabilities().get(epochs);
        System.out.println("lectures   hours   passes, before   passes, trained   grade   5 lectures + 2 hours");
        for (int i = 0; i < 2; i++) {
            double lectures = STUDENTS.toDoubleArray()[2 * i];
            double hours = STUDENTS.toDoubleArray()[2 * i + 1];
            System.out.printf(
                    Locale.ROOT,
                    "%8.0f   %5.0f   %13.0f%%   %14.0f%%   %4.0f%%   %19.0f%%%n",
                    lectures,
                    hours,
                    100 * first[i],
                    100 * last[i],
                    grades.grades()[i],
                    5 * lectures + 2 * hours);
        }
        System.out.printf(
                Locale.ROOT,
                "of 1000 other students %.0f%% are classified correctly; the grade is %.1f percent off%n",
                100 * passing.accuracy(),
                grades.rootMeanSquaredError());
        Map<String, List<Double>> curves = new LinkedHashMap<>();
        curves.put("8 lectures, 20 hours", probabilities(passing, 1));
        curves.put("4 lectures, 5 hours", probabilities(passing, 0));
        List<Integer> epoch = IntStream.rangeClosed(0, epochs).boxed().toList();
        Plot byEpoch = new Plot()
                .title("Will I pass this class?")
                .xLabel("epoch")
                .yLabel("probability")
                .yRange(0, 1)
                .size(420, 340);
        for (Map.Entry<String, List<Double>> c : curves.entrySet()) {
            byEpoch = byEpoch.line(c.getKey(), epoch, c.getValue());
        }
        StandardScaler scaler = passing.scaler();
        Layer unscaled =
                x -> passing.model().forward(x.sub(Node.constant(scaler.mean())).div(Node.constant(scaler.std())));
        Plot boundary = Pictures.boundary(unscaled, Synthetic.passed(200, 2))
                .title("Class 1: passed")
                .xLabel("lectures")
                .yLabel("hours")
                .size(420, 340);
        Plot error = Pictures.curves(Map.of("training", grades.history().curve(History.Epoch::trainLoss)))
                .title("Grade")
                .yLabel("mean squared error")
                .logY()
                .size(420, 340);
        Pictures.panels(3, byEpoch, boundary, error).save(out.resolve("PassClass.svg"));
    }

    private static List<Double> probabilities(Passing passing, int student) {
        return passing.probabilities().stream().map(p -> p[student]).toList();
    }
}
