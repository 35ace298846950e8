package gradus.array;

import java.util.List;

/** The operands of a convolution and of its gradients. */
record ConvolutionOperands(Tensor x, Tensor w, Tensor bias, Tensor gy, WindowOptions options) {
    ConvolutionOperands to(DType dtype) {
        return new ConvolutionOperands(x.to(dtype), w.to(dtype), bias.to(dtype), gy.to(dtype), options);
    }

    ConvGeometry geometry() {
        return ConvGeometry.of("conv", x.shape(), w.shape(), options);
    }

    /** Returns zeros of the shapes of the output, the input's gradient and the weights' gradient. */
    List<Tensor> zeros() {
        return List.of(gy.newZeros(gy.shape()), x.newZeros(x.shape()), w.newZeros(w.shape()));
    }

    /** Returns the output, the input's gradient and the weights' gradient, as the library computes them. */
    List<Tensor> products() {
        return List.of(
                Convolve.forward("conv", x, w, bias, options),
                Convolve.inputGradient("conv", gy, w, x.shape(), options),
                Convolve.weightGradient("conv", x, gy, w.shape(), options));
    }

    /** Returns the same by products with the gathered im2col matrix. */
    List<Tensor> directly() {
        ConvGeometry g = geometry();
        List<Tensor> all = zeros();
        if (x instanceof Tensor64 t) {
            double[] v = Tensor64.data(w);
            double[] e = Tensor64.data(gy);
            Conv64.forwardDirectly(g, t.data, v, Tensor64.data(bias), Tensor64.data(all.get(0)));
            Conv64.inputGradientDirectly(g, e, v, Tensor64.data(all.get(1)));
            Conv64.weightGradientDirectly(g, t.data, e, Tensor64.data(all.get(2)));
        } else {
            float[] u = Tensor32.data(x);
            float[] v = Tensor32.data(w);
            float[] e = Tensor32.data(gy);
            Conv32.forwardDirectly(g, u, v, Tensor32.data(bias), Tensor32.data(all.get(0)));
            Conv32.inputGradientDirectly(g, e, v, Tensor32.data(all.get(1)));
            Conv32.weightGradientDirectly(g, u, e, Tensor32.data(all.get(2)));
        }
        return all;
    }
}
