/env --add-modules jdk.incubator.vector
import gradus.array.*
import gradus.graph.*
import gradus.graph.check.*
import gradus.graph.view.*
import gradus.nn.*
import gradus.nn.data.*
import gradus.nn.init.*
import gradus.nn.io.*
import gradus.nn.log.*
import gradus.nn.zoo.*
import gradus.nn.optim.*
import gradus.nn.search.*
import gradus.nn.train.*
import gradus.nn.view.*
import gradus.ops.*
import java.nio.file.Path
import java.util.*
import java.util.function.*
import static gradus.graph.Node.constant
import static gradus.graph.Node.variable

/** Draws a list, an array, a tensor, a node, or a map of name to these, in the terminal. */
void plot(Object curves) { System.out.print(TextPlot.of(curves)); }

/** Draws a picture in the terminal. */
void show(Picture picture) { System.out.print(picture); }

/** Prints the graph that a node was computed from. */
void draw(Node node) { System.out.print(GraphView.text(node)); }
