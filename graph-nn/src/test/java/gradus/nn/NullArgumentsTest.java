package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.Dataset;
import gradus.nn.init.Initializers;
import gradus.nn.io.ModelFile;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Clip;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.Sgd;
import gradus.nn.train.ConfusionMatrix;
import gradus.nn.train.Loss;
import gradus.nn.train.Trainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A null argument is an exception that names what was called or the argument, and says that it is null. */
class NullArgumentsTest {
    static Stream<Arguments> calls() {
        Linear model = new Linear(2, 2);
        Dataset data = Dataset.of(Tensor.ones(2, 2), 0, 1);
        Optimizer sgd = new Sgd(model.parameters(), 1);
        Tensor[] none = {null};
        return Stream.of(
                row("Linear", () -> model.forward((Node) null)),
                row("forward", () -> model.forward(Node.constant(1.0, 2.0), null)),
                row("predict", () -> model.predict(null)),
                row("load", () -> model.load(null)),
                row("weight", () -> {
                    Map<String, Tensor> state = new HashMap<>(model.state());
                    state.put("weight", null);
                    model.load(state);
                }),
                row("to", () -> model.to(null)),
                row("summary", () -> model.summary(null)),
                row("freeze", () -> model.freeze((String) null)),
                row("Sequential", () -> Sequential.of(model, null)),
                row("Sequential", () -> Sequential.of((Layer[]) null)),
                row("initializer", () -> new Linear(2, 2, (s, random) -> null)),
                row("Conv2d", () -> new Conv2d(1, 1, 1, null)),
                row("Pass.in", () -> Pass.training(1, 1).in(null)),
                row("Pass.random", () -> Pass.training(1, 1).random(null)),
                row("Dataset", () -> Dataset.of((Tensor) null, Tensor.ones(1))),
                row("Dataset", () -> Dataset.of(Tensor.ones(1), (Tensor) null)),
                row("Dataset", () -> Dataset.of(Tensor.ones(1), (int[]) null)),
                row("Batch", () -> new Batch(null, List.of())),
                row("Batch", () -> new Batch(Arrays.asList(none), List.of())),
                row("subset", () -> data.subset((int[]) null)),
                row("split", () -> data.split(1, (double[]) null)),
                row("to", () -> data.all().to(null)),
                row("optimizer", () -> new Adam(null, 1)),
                row("optimizer", () -> sgd.step((Gradients) null)),
                row("optimizer", () -> sgd.step((Map<String, Tensor>) null)),
                row("weight", () -> {
                    Map<String, Tensor> g = new HashMap<>();
                    g.put("weight", null);
                    sgd.step(g);
                }),
                row("optimizer", () -> sgd.load(null)),
                row("optimizer", () -> sgd.group(null, g -> g.l2(1))),
                row("optimizer", () -> sgd.group(p -> true, null)),
                row("penalty", () -> Optimizer.penalty(null, 1)),
                row("clip", () -> Clip.norm(null)),
                row("clip", () -> Clip.globalNorm(null, 1)),
                row("clip", () -> Clip.value(null, 1)),
                row("initializer", () -> Initializers.heNormal(1).draw(null, null)),
                row("Trainer", () -> Trainer.of(model, null)),
                row("Trainer", () -> Trainer.of(null, Loss.crossEntropy())),
                row("Trainer", () -> Trainer.classifier(model).optimizer(null)),
                row("Trainer", () -> Trainer.classifier(model).forward(null)),
                row("Trainer", () -> Trainer.classifier(model).metric(null, null)),
                row("Trainer", () -> Trainer.classifier(model).metric("m", null)),
                row("Trainer", () -> Trainer.classifier(model).callback(null)),
                row("Trainer", () -> Trainer.classifier(model).optimizer(sgd).fit(null)),
                row("Trainer", () -> Trainer.accuracy(model, null)),
                row("Trainer", () -> Trainer.predict(null, data)),
                row("ConfusionMatrix", () -> ConfusionMatrix.of(null, data, 2)),
                row("ConfusionMatrix", () -> ConfusionMatrix.of(model, null, 2)),
                row("ModelFile", () -> ModelFile.save(null, Path.of("x"))),
                row("ModelFile", () -> ModelFile.save(model, null)),
                row("ModelFile", () -> ModelFile.load(null, Path.of("x"))),
                row("ModelFile", () -> ModelFile.load(model, null)),
                row("safetensors", () -> SafeTensors.write(Path.of("x"), null, Map.of())),
                row("safetensors", () -> SafeTensors.read(null)));
    }

    private static Arguments row(String named, Executable call) {
        return Arguments.of(named, call);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_null_argument_is_named(String named, Executable call) {
        String found = assertThrows(RuntimeException.class, call).getMessage();
        assertTrue(found != null && found.contains(named) && found.contains("null"), named + ": " + found);
    }

    @ParameterizedTest
    @MethodSource("gradus.nn.NullArgumentsTest#layers")
    void a_layer_names_the_input_that_is_null(Layer layer) {
        String found = assertThrows(RuntimeException.class, () -> layer.forward(null, Pass.evaluation()))
                .getMessage();
        assertTrue(found.contains("null") && found.contains(layer.getClass().getSimpleName()), found);
    }

    static Stream<Layer> layers() {
        return Stream.of(
                new Linear(2, 2),
                new Conv2d(1, 1, 1, WindowOptions.DEFAULT),
                new MaxPool2d(1),
                new AvgPool2d(1),
                new Flatten(),
                new BatchNorm(2),
                new Dropout(0.5),
                new Embedding(2, 2),
                Sequential.of(new Linear(2, 2)));
    }
}
