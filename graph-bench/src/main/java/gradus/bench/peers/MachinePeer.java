package gradus.bench.peers;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The limits of the machine. For a matrix product: as many multiply-adds, on registers alone, in sixteen independent chains.
 * For a sum of two arrays: a copy of one.
 */
public final class MachinePeer implements Peer {
    private static final int CHAINS = 16;

    private int threads;

    @Override
    public String version() {
        return "the machine";
    }

    @Override
    public void threads(int n) {
        threads = n;
    }

    @Override
    public Step step(Task task, double rate) {
        if (task instanceof Task.Product p) {
            long all = (long) p.n() * p.n() * p.n();
            return p.single()
                    ? limit(() -> singles(all / threads / CHAINS / FloatVector.SPECIES_PREFERRED.length()))
                    : limit(() -> doubles(all / threads / CHAINS / DoubleVector.SPECIES_PREFERRED.length()));
        } else if (task instanceof Task.Elements e) {
            int part = e.n() / threads;
            float[] x = InputData.floats(e.n(), 1, 1);
            float[] y = new float[e.n()];
            return new Limit(i -> System.arraycopy(x, i * part, y, i * part, part));
        }
        throw new UnsupportedOperationException(task.toString());
    }

    private interface Loop {
        double run();
    }

    private Step limit(Loop loop) {
        double[] sums = new double[threads];
        return new Limit(i -> sums[i] = loop.run());
    }

    private final class Limit implements Step {
        private final IntConsumer part;

        Limit(IntConsumer part) {
            this.part = part;
        }

        @Override
        public Object run() {
            if (threads == 1) {
                part.accept(0);
            } else {
                IntStream.range(0, threads).parallel().forEach(part);
            }
            return part;
        }

        @Override
        public double[] result() {
            return new double[0]; // there is no result to compare
        }
    }

    private static double singles(long rounds) {
        VectorSpecies<Float> t = FloatVector.SPECIES_PREFERRED;
        FloatVector m = FloatVector.broadcast(t, 0.5f);
        FloatVector c = FloatVector.broadcast(t, 1);
        FloatVector a0 = FloatVector.broadcast(t, 0);
        FloatVector a1 = FloatVector.broadcast(t, 1);
        FloatVector a2 = FloatVector.broadcast(t, 2);
        FloatVector a3 = FloatVector.broadcast(t, 3);
        FloatVector a4 = FloatVector.broadcast(t, 4);
        FloatVector a5 = FloatVector.broadcast(t, 5);
        FloatVector a6 = FloatVector.broadcast(t, 6);
        FloatVector a7 = FloatVector.broadcast(t, 7);
        FloatVector a8 = FloatVector.broadcast(t, 8);
        FloatVector a9 = FloatVector.broadcast(t, 9);
        FloatVector a10 = FloatVector.broadcast(t, 10);
        FloatVector a11 = FloatVector.broadcast(t, 11);
        FloatVector a12 = FloatVector.broadcast(t, 12);
        FloatVector a13 = FloatVector.broadcast(t, 13);
        FloatVector a14 = FloatVector.broadcast(t, 14);
        FloatVector a15 = FloatVector.broadcast(t, 15);
        for (long i = 0; i < rounds; i++) {
            a0 = a0.fma(m, c);
            a1 = a1.fma(m, c);
            a2 = a2.fma(m, c);
            a3 = a3.fma(m, c);
            a4 = a4.fma(m, c);
            a5 = a5.fma(m, c);
            a6 = a6.fma(m, c);
            a7 = a7.fma(m, c);
            a8 = a8.fma(m, c);
            a9 = a9.fma(m, c);
            a10 = a10.fma(m, c);
            a11 = a11.fma(m, c);
            a12 = a12.fma(m, c);
            a13 = a13.fma(m, c);
            a14 = a14.fma(m, c);
            a15 = a15.fma(m, c);
        }
        a0 = a0.add(a8).add(a4).add(a12);
        a1 = a1.add(a9).add(a5).add(a13);
        a2 = a2.add(a10).add(a6).add(a14);
        a3 = a3.add(a11).add(a7).add(a15);
        return a0.add(a1).add(a2).add(a3).lane(0);
    }

    private static double doubles(long rounds) {
        VectorSpecies<Double> t = DoubleVector.SPECIES_PREFERRED;
        DoubleVector m = DoubleVector.broadcast(t, 0.5);
        DoubleVector c = DoubleVector.broadcast(t, 1);
        DoubleVector a0 = DoubleVector.broadcast(t, 0);
        DoubleVector a1 = DoubleVector.broadcast(t, 1);
        DoubleVector a2 = DoubleVector.broadcast(t, 2);
        DoubleVector a3 = DoubleVector.broadcast(t, 3);
        DoubleVector a4 = DoubleVector.broadcast(t, 4);
        DoubleVector a5 = DoubleVector.broadcast(t, 5);
        DoubleVector a6 = DoubleVector.broadcast(t, 6);
        DoubleVector a7 = DoubleVector.broadcast(t, 7);
        DoubleVector a8 = DoubleVector.broadcast(t, 8);
        DoubleVector a9 = DoubleVector.broadcast(t, 9);
        DoubleVector a10 = DoubleVector.broadcast(t, 10);
        DoubleVector a11 = DoubleVector.broadcast(t, 11);
        DoubleVector a12 = DoubleVector.broadcast(t, 12);
        DoubleVector a13 = DoubleVector.broadcast(t, 13);
        DoubleVector a14 = DoubleVector.broadcast(t, 14);
        DoubleVector a15 = DoubleVector.broadcast(t, 15);
        for (long i = 0; i < rounds; i++) {
            a0 = a0.fma(m, c);
            a1 = a1.fma(m, c);
            a2 = a2.fma(m, c);
            a3 = a3.fma(m, c);
            a4 = a4.fma(m, c);
            a5 = a5.fma(m, c);
            a6 = a6.fma(m, c);
            a7 = a7.fma(m, c);
            a8 = a8.fma(m, c);
            a9 = a9.fma(m, c);
            a10 = a10.fma(m, c);
            a11 = a11.fma(m, c);
            a12 = a12.fma(m, c);
            a13 = a13.fma(m, c);
            a14 = a14.fma(m, c);
            a15 = a15.fma(m, c);
        }
        a0 = a0.add(a8).add(a4).add(a12);
        a1 = a1.add(a9).add(a5).add(a13);
        a2 = a2.add(a10).add(a6).add(a14);
        a3 = a3.add(a11).add(a7).add(a15);
        return a0.add(a1).add(a2).add(a3).lane(0);
    }
}
