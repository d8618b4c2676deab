using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>For statements that change or index tables that are full: they take as long as they take, and only the token ends
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
