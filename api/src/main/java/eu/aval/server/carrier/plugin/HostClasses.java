// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.util.List;

/**
 * What a plugin sees of the server: the JDK and {@link #PROVIDED}, nothing else. The parent of each plugin's class
 * loader. This list is the one place where it is decided; {@code plugins/README.md} repeats it for authors.
 */
final class HostClasses extends ClassLoader {

    /**
     * Packages that the host provides and that a plugin must not bring: two copies of a type that crosses the border
     * would not be the same type. Everything else a plugin needs it brings itself; {@code reactor.netty} is its own.
     */
    static final List<String> PROVIDED = List.of(
            "eu.aval.spi.",
            "org.jspecify.",
            "org.reactivestreams.",
            "org.slf4j.",
            "reactor.adapter.",
            "reactor.core.",
            "reactor.util.");

    static final HostClasses INSTANCE = new HostClasses(HostClasses.class.getClassLoader());

    private final ClassLoader server;

    private HostClasses(ClassLoader server) {
        super("carrier-host", ClassLoader.getPlatformClassLoader());
        this.server = server;
    }

    /** @param name of a class, with dots or slashes */
    static boolean provides(String name) {
        String dotted = name.replace('/', '.');
        return PROVIDED.stream().anyMatch(dotted::startsWith);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return provides(name) ? server.loadClass(name) : super.loadClass(name, resolve);
    }
}
