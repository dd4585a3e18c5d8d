// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.personaldata;

/**
 * A token that opens plaintext. Asking for one is the point at which a reviewer looks: an architecture test lists the
 * classes that may, and each method names why.
 */
public final class PlaintextAccess {

    private static final PlaintextAccess TOKEN = new PlaintextAccess();

    private PlaintextAccess() {}

    /** To hand the message to the carrier. */
    public static PlaintextAccess forSubmission() {
        return TOKEN;
    }

    /** To seal it or compute its blind index: the plaintext does not leave the process. */
    public static PlaintextAccess forSealing() {
        return TOKEN;
    }

    /** To answer the application that gave the data itself. */
    public static PlaintextAccess forOriginator() {
        return TOKEN;
    }

    /** To hand what somebody wrote to the tenant they wrote it to. */
    public static PlaintextAccess forAddressee() {
        return TOKEN;
    }

    /** To show it to somebody whose access, with its reason, is in the journal. */
    public static PlaintextAccess forJournalledReader() {
        return TOKEN;
    }

    /** To answer the person concerned: GDPR art. 15 and 20. */
    public static PlaintextAccess forDataSubjectExport() {
        return TOKEN;
    }
}
