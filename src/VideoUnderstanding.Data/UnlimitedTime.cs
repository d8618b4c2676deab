using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>Runs statements without a command timeout, for migrations and index creation on large tables. Only the cancellation token ends
/// them.</summary>
internal static class UnlimitedTime
{
    public static async Task WithoutTimeoutAsync(this VideoDbContext db, Func<Task> work)
    {
        var usual = db.Database.GetCommandTimeout();
        db.Database.SetCommandTimeout(0);
        try
        {
            await work();
        }
        finally
        {
            db.Database.SetCommandTimeout(usual);
        }
    }
}
