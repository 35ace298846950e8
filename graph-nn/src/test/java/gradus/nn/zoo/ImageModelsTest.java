package gradus.nn.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.array.DType;
import gradus.array.Shape;
import gradus.array.Tensor;
import gradus.graph.Node;
import gradus.nn.Layer;
import gradus.nn.Model;
import gradus.nn.data.Dataset;
import gradus.nn.data.DrawnDigits;
import gradus.nn.optim.Adam;
import gradus.nn.optim.Sgd;
import gradus.nn.train.Trainer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Models of images learn, and have the sizes of their papers. */
class ImageModelsTest {
    /** Returns 28 x 28 images of digits, [n, 1, 28, 28]. */
    private static Dataset digits(int n, long seed) {
        Dataset flat = DrawnDigits.make(n, seed, DType.FLOAT32);
        Tensor x = flat.all().inputs().get(0);
        return Dataset.of(x.reshape(n, 1, 28, 28), flat.classes());
    }

    private static long parameters(Model m) {
        return m.parameters().values().stream().mapToLong(p -> p.shape().size()).sum();
    }

    @Test
    void lenet_reads_digits() {
        LeNet5 model = new LeNet5();
        model.initialize(1);
        model.to(DType.FLOAT32);
        Trainer.classifier(model)
                .optimizer(new Adam(model.parameters(), 2e-3))
                .batchSize(50)
                .epochs(10)
                .fit(digits(1500, 1));
        double accuracy = Trainer.accuracy(model, digits(500, 2));
        assertTrue(accuracy >= 0.95, () -> "accuracy " + accuracy);
    }

    /** 6 (25 + 1) + 16 (6 25 + 1) + 120 (400 + 1) + 84 (120 + 1) + 10 (84 + 1). */
    @Test
    void lenet_has_the_sizes_of_the_paper() {
        for (LeNet5 model : new LeNet5[] {new LeNet5(), LeNet5.classic()}) {
            assertEquals(156 + 2416 + 48_120 + 10_164 + 850, parameters(model));
            assertEquals(
                    Shape.of(2, 10), model.predict(Tensor.zeros(2, 1, 28, 28)).shape());
        }
    }

    /** Returns images [n, 3, 12, 12] of stripes in a random colour with noise; the class is their direction. */
    private static Dataset stripes(int n, long seed) {
        Random random = new Random(seed);
        double[] x = new double[n * 3 * 144];
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = i % 3;
            int shift = random.nextInt(4);
            for (int c = 0; c < 3; c++) {
                double colour = random.nextDouble() - 0.5;
                for (int p = 0; p < 144; p++) {
                    int row = p / 12;
                    int column = p % 12;
                    int at = classes[i] == 0 ? row : classes[i] == 1 ? column : row + column;
                    boolean lit = (at + shift) % 4 < 2;
                    x[(i * 3 + c) * 144 + p] = (lit ? colour : -colour) + 0.3 * random.nextGaussian();
                }
            }
        }
        return Dataset.of(Tensor.of(Shape.of(n, 3, 12, 12), x).to(DType.FLOAT32), classes);
    }

    @Test
    void a_residual_network_tells_directions() {
        ResNet model = new ResNet(3, 1, 3);
        model.initialize(4);
        model.to(DType.FLOAT32);
        Trainer.classifier(model)
                .optimizer(new Sgd(model.parameters(), 0.05).momentum(0.9).l2(1e-4))
                .batchSize(32)
                .epochs(6)
                .fit(stripes(600, 1));
        double accuracy = Trainer.accuracy(model, stripes(300, 2));
        assertTrue(accuracy >= 0.95, () -> "accuracy " + accuracy);
    }

    /** The paper gives 0.27 million parameters for 20 layers, 0.85 for 56 and 1.7 for 110. */
    @Test
    void residual_networks_have_the_sizes_of_the_paper() {
        assertEquals(0.27e6, (double) parameters(ResNet.cifar(20)), 0.005e6);
        assertEquals(0.85e6, (double) parameters(ResNet.cifar(56)), 0.01e6);
        assertEquals(1.73e6, (double) parameters(ResNet.cifar(110)), 0.02e6);
        Node y = ResNet.cifar(20).forward(Node.constant(Tensor.zeros(2, 3, 32, 32)));
        assertEquals(Shape.of(2, 10), y.shape());
        Layer odd = new ResNet(3, 1, 5);
        assertEquals(
                Shape.of(1, 5),
                odd.forward(Node.constant(Tensor.zeros(1, 3, 9, 7))).shape());
    }

    @Test
    void depths_that_do_not_exist_are_refused() {
        for (int depth : new int[] {2, 7, 18, 21}) {
            assertThrows(IllegalArgumentException.class, () -> ResNet.cifar(depth));
        }
        assertThrows(IllegalArgumentException.class, () -> new ResNet(3, 0, 10));
    }
}
