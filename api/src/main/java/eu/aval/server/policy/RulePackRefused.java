// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

/** A rule pack that is not taken into use. The message names the file, the member and what is wrong with it. */
public final class RulePackRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RulePackRefused(String file, String member, String what) {
        super(file + ": " + (member.isEmpty() ? "" : member + " ") + what);
    }
}
