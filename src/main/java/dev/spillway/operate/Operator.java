package dev.spillway.operate;

/**
 * Who asks.
 *
 * @param name as the container authenticated it
 * @param address where the request came from
 * @param mayAct whether they have the role of an operator; a viewer has not
 */
public record Operator(String name, String address, boolean mayAct) {}
