// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** Why there is no connection, in words for whoever has to mend it. */
final class Trouble {

    private static final int LONGEST = 200;

    private Trouble() {}

    static String connecting(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException timeout -> "no answer in time";
            case NoRouteToHostException nowhere -> "no route to the host";
            case ConnectException refused -> "refused";
            default -> cause.getClass().getSimpleName();
        };
    }

    /** The JDK's words for the first cause: which name the certificate lacks, or that nobody trusts it. */
    static String shakingHands(Throwable cause) {
        Throwable first = cause;
        for (int depth = 0; depth < 10 && first.getCause() != null; depth++) {
            first = first.getCause();
        }
        String words = String.valueOf(first.getMessage());
        return first.getClass().getSimpleName() + ": "
                + (words.length() > LONGEST ? words.substring(0, LONGEST) : words);
    }
}
