// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

/**
 * A new key or token with its secret, which is shown once and kept nowhere.
 *
 * @param secret the whole credential as its holder sends it
 */
public record Issued<T>(T value, String secret) {

    @Override
    public String toString() {
        return "Issued[" + value + "]";
    }
}
