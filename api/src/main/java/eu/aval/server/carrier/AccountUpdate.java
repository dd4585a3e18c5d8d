// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an account is to become.
 *
 * @param removedSecrets names of secrets that are to go; one that the carrier cannot do without has to be in the draft
 * @param version that the change was made from; null overwrites whatever is there
 */
public record AccountUpdate(
        AccountDraft draft,
        List<String> removedSecrets,
        @Nullable Integer version) {

    public AccountUpdate {
        removedSecrets = List.copyOf(removedSecrets);
    }

    /** Whatever is there, and with the secrets that are there. */
    public static AccountUpdate to(AccountDraft draft) {
        return new AccountUpdate(draft, List.of(), null);
    }

    /** Without names: one may be a secret in the wrong place. */
    @Override
    public String toString() {
        return "AccountUpdate[" + draft + ", version " + version + "]";
    }
}
