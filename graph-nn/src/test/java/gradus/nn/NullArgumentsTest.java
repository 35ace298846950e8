package gradus.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.RandomStream;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.array.WindowOptions;
import gradus.graph.Gradients;
import gradus.graph.Node;
import gradus.nn.data.Batch;
import gradus.nn.data.BytePairEncoding;
import gradus.nn.data.Characters;
import gradus.nn.data.ClassBalance;
import gradus.nn.data.Csv;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.data.Idx;
import gradus.nn.data.ImageFolder;
import gradus.nn.data.Mnist;
import gradus.nn.data.PaddedSequences;
import gradus.nn.data.Prefetch;
import gradus.nn.data.RecordFile;
import gradus.nn.data.Splits;
import gradus.nn.data.StandardScaler;
import gradus.nn.data.Synthetic;
import gradus.nn.data.Transform;
import gradus.nn.data.Transforms;
import gradus.nn.init.Fans;
import gradus.nn.init.Gain;
import gradus.nn.init.He;
import gradus.nn.init.Initializer;
import gradus.nn.init.Initializers;
import gradus.nn.init.LeCun;
import gradus.nn.init.Xavier;
import gradus.nn.io.ModelFile;
import gradus.nn.io.SafeTensors;
import gradus.nn.optim.Accumulator;
import gradus.nn.optim.AdaDelta;
import gradus.nn.optim.AdaGrad;
import gradus.nn.optim.Adam;
import gradus.nn.optim.AdamW;
import gradus.nn.optim.Adamax;
import gradus.nn.optim.Clip;
import gradus.nn.optim.Ema;
import gradus.nn.optim.LBfgs;
import gradus.nn.optim.LearningRate;
import gradus.nn.optim.Lion;
import gradus.nn.optim.Momentum;
import gradus.nn.optim.Nadam;
import gradus.nn.optim.Optimizer;
import gradus.nn.optim.RAdam;
import gradus.nn.optim.RmsProp;
import gradus.nn.optim.Sgd;
import gradus.nn.optim.Swa;
import gradus.nn.search.Search;
import gradus.nn.train.Averaging;
import gradus.nn.train.Calibration;
import gradus.nn.train.Callback;
import gradus.nn.train.ConfusionMatrix;
import gradus.nn.train.CrossValidation;
import gradus.nn.train.Forward;
import gradus.nn.train.History;
import gradus.nn.train.LayerStatistics;
import gradus.nn.train.LearningRateFinder;
import gradus.nn.train.Loss;
import gradus.nn.train.Metric;
import gradus.nn.train.MultiClass;
import gradus.nn.train.PrecisionRecallCurve;
import gradus.nn.train.RocCurve;
import gradus.nn.train.TemperatureScaling;
import gradus.nn.train.Trainer;
import gradus.nn.view.Curves;
import gradus.nn.view.LossLandscape;
import gradus.nn.view.Pictures;
import gradus.nn.view.Plot;
import gradus.nn.view.TextPlot;
import gradus.ops.CrossEntropyOptions;
import gradus.ops.PaddingMode;
import gradus.ops.RecurrentOptions;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A null argument is a {@link NullPointerException} with its name, as in the other modules. */
class NullArgumentsTest {
    private static final Linear MODEL = new Linear(2, 2);
    private static final Dataset DATA = Dataset.of(Tensor.ones(2, 2), 0, 1);

    /** The objects whose methods and constructors are called. */
    private static final List<Object> RECEIVERS = List.of(
            MODEL,
            new AdaptiveAvgPool1d(1),
            new AdaptiveAvgPool2d(1),
            new AdaptiveAvgPool3d(1),
            new AdaptiveMaxPool1d(1),
            new AdaptiveMaxPool2d(1),
            new AdaptiveMaxPool3d(1),
            new AlphaDropout(0.5),
            new AvgPool1d(1),
            new AvgPool2d(1),
            new AvgPool3d(1),
            new BatchNorm(2),
            new Bilinear(2, 2, 2),
            new Conv1d(1, 1, 1),
            new Conv2d(1, 1, 1),
            new Conv3d(1, 1, 1),
            new ConvTranspose1d(1, 1, 1),
            new ConvTranspose2d(1, 1, 1),
            new ConvTranspose3d(1, 1, 1),
            new Dropout(0.5),
            new Flatten(),
            new GlobalAvgPool(),
            new GlobalMaxPool(),
            new GroupNorm(1, 2),
            new InstanceNorm(2),
            new LayerNorm(2),
            new LocalResponseNorm(1),
            new MaxPool1d(1),
            new MaxPool2d(1),
            new MaxPool3d(1),
            new Maxout(2, 2, 2),
            Parallel.sum(new Linear(2, 2)),
            Ensemble.ofOutputs(new Linear(2, 2)),
            new Residual(new Linear(2, 2)),
            new RmsNorm(2),
            new SpatialDropout(0.5),
            new Unflatten(Shape.of(2)),
            new Embedding(2, 2),
            new TiedLinear(new Embedding(2, 2)),
            new PositionalEmbedding(2, 2),
            new Rnn(2, 2),
            new Gru(2, 2),
            new Lstm(2, 2),
            new MultiHeadAttention(2, 2),
            new TransformerLayer(2, 2, 2),
            Sequential.of(new Linear(2, 2)),
            Pass.training(1, 1),
            new Buffer("b", Tensor.ones(1)),
            new Cache(),
            new LocalBuffers(),
            He.normal(),
            DATA,
            DATA.subset(0),
            DATA.all(),
            BytePairEncoding.train("a bc", 256),
            Characters.of("abc"),
            PaddedSequences.of(List.of(new int[1]), 0),
            Prefetch.of(DATA, 1),
            DATA.transformed(Transforms.reshape(2), 1),
            new Accumulator(),
            new AdaDelta(MODEL.parameters()),
            new AdaGrad(MODEL.parameters()),
            new Adam(MODEL.parameters()),
            new AdamW(MODEL.parameters()),
            new Adamax(MODEL.parameters()),
            new Ema(MODEL, 0.9),
            new LBfgs(MODEL.parameters()),
            new Lion(MODEL.parameters()),
            LearningRate.constant(1),
            LearningRate.oneCycle(1, 1),
            LearningRate.plateau(1),
            new Momentum(MODEL.parameters()),
            new Nadam(MODEL.parameters()),
            new RAdam(MODEL.parameters()),
            new RmsProp(MODEL.parameters()),
            new Sgd(MODEL.parameters(), 1),
            new Swa(MODEL),
            Trainer.classifier(MODEL).optimizer(new Sgd(MODEL.parameters(), 1)),
            Search.maximize(t -> 0).random(1),
            new Search.Range("a", 0, 1),
            Search.maximize(t -> t.uniform("a", 0, 1)).random(2).run(),
            ConfusionMatrix.of(new int[1], new int[1], 1),
            new TemperatureScaling(new Linear(2, 2)),
            LearningRateFinder.of(MODEL, Loss.crossEntropy(), new Sgd(MODEL.parameters(), 1)),
            CrossValidation.of(seed -> Trainer.classifier(MODEL)),
            new History(List.of(), null, false),
            new Plot());

    /** The classes and interfaces whose static methods are called. */
    private static final List<Class<?>> STATICS = List.of(
            Dataset.class,
            BytePairEncoding.class,
            Characters.class,
            ClassBalance.class,
            Csv.class,
            ImageFolder.class,
            PaddedSequences.class,
            Prefetch.class,
            RecordFile.class,
            Splits.class,
            StandardScaler.class,
            Transforms.class,
            LocalBuffers.class,
            DrawnDigits.class,
            Idx.class,
            Mnist.class,
            Synthetic.class,
            Fans.class,
            Gain.class,
            He.class,
            Initializers.class,
            LeCun.class,
            Xavier.class,
            ModelFile.class,
            SafeTensors.class,
            AdaGrad.class,
            Clip.class,
            RmsProp.class,
            LearningRate.class,
            Calibration.class,
            ConfusionMatrix.class,
            CrossValidation.class,
            Ensemble.class,
            LayerStatistics.class,
            LearningRateFinder.class,
            Loss.class,
            Metric.class,
            PrecisionRecallCurve.class,
            RocCurve.class,
            Search.class,
            TemperatureScaling.class,
            Curves.class,
            LossLandscape.class,
            Pictures.class,
            TextPlot.class);

    /** An argument of each type; what comes after the null one is not looked at. */
    private static final Map<Class<?>, Object> ARGUMENTS = Map.ofEntries(
            Map.entry(Tensor.class, Tensor.ones(2, 2)),
            Map.entry(Node.class, Node.constant(Tensor.ones(2, 2))),
            Map.entry(Shape.class, Shape.of(2)),
            Map.entry(DType.class, DType.FLOAT64),
            Map.entry(WindowOptions.class, WindowOptions.DEFAULT),
            Map.entry(Gradients.class, Node.variable(1.0).square().backward()),
            Map.entry(Layer.class, MODEL),
            Map.entry(Model.class, MODEL),
            Map.entry(Pass.class, Pass.evaluation()),
            Map.entry(Embedding.class, new Embedding(2, 2)),
            Map.entry(RecurrentOptions.class, RecurrentOptions.DEFAULT),
            Map.entry(Fans.class, new Fans(1, 1)),
            Map.entry(Gain.class, Gain.LINEAR),
            Map.entry(RandomStream.class, RandomStream.of(1, "a")),
            Map.entry(Initializer.class, Initializers.constant(0)),
            Map.entry(Dataset.class, DATA),
            Map.entry(Batch.class, DATA.all()),
            Map.entry(Optimizer.class, new Sgd(MODEL.parameters(), 1)),
            Map.entry(LearningRate.class, LearningRate.constant(1)),
            Map.entry(Loss.class, Loss.crossEntropy()),
            Map.entry(Metric.class, Metric.accuracy()),
            Map.entry(Forward.class, (Forward) (batch, pass) -> Node.constant(1.0)),
            Map.entry(Callback.class, (Callback) p -> {}),
            Map.entry(Averaging.class, Averaging.MACRO),
            Map.entry(MultiClass.class, MultiClass.ONE_VS_ONE),
            Map.entry(LongFunction.class, (LongFunction<Object>) x -> x),
            Map.entry(Search.Objective.class, (Search.Objective) t -> 1),
            Map.entry(Search.Range.class, new Search.Range("a", 0, 1)),
            Map.entry(String.class, "name"),
            Map.entry(Object.class, List.of(1)),
            Map.entry(DoubleSupplier.class, (DoubleSupplier) () -> 1),
            Map.entry(DoubleUnaryOperator.class, (DoubleUnaryOperator) x -> x),
            Map.entry(Path.class, Path.of("absent")),
            Map.entry(Map.class, Map.of()),
            Map.entry(List.class, List.of()),
            Map.entry(PaddingMode.class, PaddingMode.ZEROS),
            Map.entry(Function.class, (Function<Object, Object>) x -> x),
            Map.entry(Predicate.class, (Predicate<Object>) x -> true),
            Map.entry(Consumer.class, (Consumer<Object>) x -> {}),
            Map.entry(Supplier.class, (Supplier<Object>) () -> 1),
            Map.entry(ToDoubleFunction.class, (ToDoubleFunction<Object>) x -> 1),
            Map.entry(ToDoubleBiFunction.class, (ToDoubleBiFunction<Object, Object>) (x, y) -> 1),
            Map.entry(boolean.class, true),
            Map.entry(char.class, ','),
            Map.entry(Stream.class, Stream.of()),
            Map.entry(Transform.class, (Transform) (x, random) -> x),
            Map.entry(CrossEntropyOptions.class, CrossEntropyOptions.DEFAULT),
            Map.entry(LocalBuffers.class, new LocalBuffers()),
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(double.class, 0.5));

    @TestFactory
    Stream<DynamicTest> a_null_argument_is_refused_by_its_name() {
        List<DynamicTest> all = Stream.concat(
                        RECEIVERS.stream().flatMap(r -> tests(r.getClass(), r)),
                        STATICS.stream().flatMap(c -> tests(c, null)))
                .toList();
        assertTrue(all.size() > 100, "only " + all.size() + " arguments were found");
        return all.stream();
    }

    private static Stream<DynamicTest> tests(Class<?> type, Object receiver) {
        Stream<Method> methods = Arrays.stream(type.getMethods())
                .filter(m -> m.getDeclaringClass().getName().startsWith("gradus.nn") && !m.isBridge())
                .filter(m -> receiver != null || Modifier.isStatic(m.getModifiers()))
                .filter(m -> !m.getName().equals("equals"));
        Stream<Constructor<?>> constructors = Arrays.stream(type.getConstructors())
                .filter(c -> Modifier.isPublic(type.getModifiers()) && type != History.class); // a result
        return Stream.concat(methods, constructors).flatMap(e -> IntStream.range(0, e.getParameterCount())
                .filter(i -> !e.getParameterTypes()[i].isPrimitive())
                .mapToObj(i -> DynamicTest.dynamicTest(
                        type.getSimpleName() + ": " + e.toGenericString() + ", " + e.getParameters()[i].getName(),
                        () -> verify(e, receiver, i))));
    }

    private static void verify(Executable e, Object receiver, int position) {
        Parameter[] parameters = e.getParameters();
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == position ? null : argument(parameters[i].getType());
        }
        InvocationTargetException thrown = assertThrows(InvocationTargetException.class, () -> {
            if (e instanceof Constructor<?> c) {
                c.newInstance(arguments);
            } else {
                Method m = (Method) e;
                m.setAccessible(true);
                m.invoke(receiver, arguments);
            }
        });
        assertEquals(NullPointerException.class, thrown.getCause().getClass(), thrown.getCause()::toString);
        String message = String.valueOf(thrown.getCause().getMessage());
        String name = parameters[position].getName().equals("wanted") ? "indices" : parameters[position].getName();
        assertTrue(message.matches("\\S+: " + name + " is null"), message);
    }

    private static Object argument(Class<?> type) {
        return type.isArray() ? Array.newInstance(type.getComponentType(), 0) : ARGUMENTS.get(type);
    }

    // ---- null inside an argument

    static Stream<Arguments> elements() {
        Map<String, Tensor> tensors = new HashMap<>();
        tensors.put("weight", null);
        Map<String, Node> nodes = new HashMap<>();
        nodes.put("a", null);
        Optimizer sgd = new Sgd(MODEL.parameters(), 1);
        List<Tensor> none = Arrays.asList(Tensor.ones(1), null);
        return Stream.of(
                row("Sequential: layers[1] is null", () -> Sequential.of(MODEL, null)),
                row("Parallel.sum: layers[1] is null", () -> Parallel.sum(MODEL, null)),
                row("Parallel.concat: layers[0] is null", () -> Parallel.concat(1, (Layer) null)),
                row("summary: examples[0] is null", () -> MODEL.summary(x -> x[0], (Shape) null)),
                row("Batch: inputs[1] is null", () -> new Batch(none, List.of())),
                row("Batch: targets[1] is null", () -> new Batch(List.of(Tensor.ones(1)), none)),
                row("load: weight is null", () -> MODEL.load(tensors)),
                row("freeze: a path is null", () -> MODEL.freeze((String) null)),
                row("optimizer: parameters: a is null", () -> new Adam(nodes)),
                row("optimizer.step: weight is null", () -> sgd.step(tensors)),
                row("optimizer.load: weight is null", () -> sgd.load(tensors)),
                row("initializer: shape is null", () -> He.normal().draw(null, null)));
    }

    private static Arguments row(String message, org.junit.jupiter.api.function.Executable call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest
    @MethodSource("elements")
    void a_null_element_is_named(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(NullPointerException.class, call).getMessage());
    }

    /** A model whose constructor declares parts with null. */
    private static final class Declaring extends Model {
        Declaring(Consumer<Declaring> constructor) {
            constructor.accept(this);
        }

        @Override
        public Node forward(Node x, Pass pass) {
            return x;
        }
    }

    @Test
    void a_null_argument_of_a_declaration_is_named() {
        Initializer zero = Initializers.constant(0);
        Map<String, Consumer<Declaring>> calls = Map.of(
                "Declaring: partName is null", m -> m.buffer(null, Tensor.ones(1)),
                "Declaring: part a: inner is null", m -> m.layer("a", null),
                "Declaring: part a: initial is null", m -> m.buffer("a", null),
                "Declaring: part a: shape is null", m -> m.parameter("a", null, zero),
                "Declaring: part a: fans is null", m -> m.parameter("a", Shape.of(1), null, zero),
                "Declaring: part a: initializer is null", m -> m.parameter("a", Shape.of(1), null));
        calls.forEach((message, call) -> assertEquals(
                message,
                assertThrows(NullPointerException.class, () -> new Declaring(call))
                        .getMessage()));
    }
}
