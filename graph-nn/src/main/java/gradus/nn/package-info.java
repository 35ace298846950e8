/** Layers: functions of a node that may have parameters, listed by path. */
package gradus.nn;
