// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.carrier.smpp;

import eu.aval.spi.CarrierHealth;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All the binds of an account, and what their state amounts to. Confined to the account's thread but for the health. */
final class Links {

    private final List<Link> links = new ArrayList<>();
    private boolean probing = true;
    private boolean closed;
    private volatile CarrierHealth health = CarrierHealth.down("Connecting");

    Links(Account account) {
        int number = 1;
        for (SmppConfiguration.BindMode mode : account.configuration().sessions()) {
            links.add(new Link(number++, mode, account, this));
        }
    }

    CarrierHealth health() {
        return health;
    }

    /** Called a few times a second. */
    void tick(long now) {
        for (Link link : links) {
            link.tick(now);
        }
    }

    /** While it is open whether the credentials are good, only one link tries: refusals are counted by carriers. */
    boolean mayConnect(Link link) {
        if (closed) {
            return false;
        }
        if (!probing) {
            return true;
        }
        for (Link other : links) {
            if (!other.isBound()) {
                return other == link;
            }
        }
        return true;
    }

    /** The session with most room for a message; null when there is none to be had. */
    @Nullable
    Session roomiest() {
        Session best = null;
        for (Link link : links) {
            Session session = link.session();
            if (session != null && session.room() > 0 && (best == null || session.room() > best.room())) {
                best = session;
            }
        }
        return best;
    }

    /** Whether waiting makes sense: something is bound, or the very first attempt is still under way. */
    boolean mayBind() {
        boolean tried = false;
        for (Link link : links) {
            if (link.mode().submits()) {
                if (link.isBound()) {
                    return true;
                }
                tried |= link.hasFailed();
            }
        }
        return !tried && canSubmit();
    }

    int bound() {
        int bound = 0;
        for (Link link : links) {
            bound += link.isBound() ? 1 : 0;
        }
        return bound;
    }

    int inFlight() {
        int inFlight = 0;
        for (Link link : links) {
            Session session = link.session();
            inFlight += session == null ? 0 : session.inFlight();
        }
        return inFlight;
    }

    boolean isClosed() {
        return closed;
    }

    /** Nothing connects any more. */
    void close() {
        closed = true;
        health = CarrierHealth.down("Closed");
    }

    void unbind() {
        for (Link link : links) {
            if (link.session() != null) {
                link.session().unbind();
            }
        }
    }

    void end() {
        for (Link link : links) {
            if (link.session() != null) {
                link.session().end("closed");
            }
        }
    }

    boolean isDisconnected() {
        for (Link link : links) {
            if (link.session() != null) {
                return false;
            }
        }
        return true;
    }

    /** A link was bound, refused or lost. */
    void changed() {
        if (closed) {
            return;
        }
        boolean refused = false;
        boolean failed = false;
        for (Link link : links) {
            refused |= link.isRefused();
            failed |= link.hasFailed() && !link.isRefused();
        }
        probing = refused || (!failed && bound() == 0);
        health = assess(refused);
    }

    private CarrierHealth assess(boolean refused) {
        int bound = bound();
        int useful = 0;
        String trouble = "";
        for (Link link : links) {
            useful += link.isBound() && (link.mode().submits() || !canSubmit()) ? 1 : 0;
            trouble = link.isBound() || link.trouble().isEmpty() ? trouble : "; " + link.trouble();
        }
        String detail = bound + " of " + links.size() + " sessions bound" + trouble;
        if (bound == links.size()) {
            return CarrierHealth.up(detail);
        }
        if (useful > 0) {
            return new CarrierHealth(CarrierHealth.Status.DEGRADED, detail);
        }
        return new CarrierHealth(refused ? CarrierHealth.Status.HOLD : CarrierHealth.Status.DOWN, detail);
    }

    private boolean canSubmit() {
        for (Link link : links) {
            if (link.mode().submits()) {
                return true;
            }
        }
        return false;
    }
}
