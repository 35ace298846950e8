package gradus.nn.train;

/** How the area under the ROC curve is defined for more than two classes: as the mean of that of several problems of two classes. */
public enum MultiClass {
    /** Each class against all others, by its probability; scikit-learn's {@code multi_class='ovr'}. */
    ONE_VS_REST,
    /**
     * Each pair of classes, among the examples of the two, by the probability of the one and by that of the other; scikit-learn's {@code
     * multi_class='ovo'}. Hand and Till, A Simple Generalisation of the Area Under the ROC Curve for Multiple Class Classification Problems, 2001.
     */
    ONE_VS_ONE
}
