// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.encryption;

import java.security.GeneralSecurityException;

/** The keysets of a tenant are there and cannot be used: they are damaged, or the key that wraps them is not at hand. */
public final class KeysUnusable extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    KeysUnusable(String message, GeneralSecurityException cause) {
        super(message, cause);
    }
}
