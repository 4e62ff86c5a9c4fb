package org.postern.accounts;

import org.postern.database.Database;

/** What housekeeping does every ten minutes about access that nobody uses, for tests that cannot wait so long. */
public final class IdleAccessNow {
    private IdleAccessNow() {}

    public static void sweep(Database database, CurrentPlans plans, AccessSwitches switches) {
        new IdleAccess(database, plans, switches).sweep();
    }
}
