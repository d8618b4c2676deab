using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>The first page: what is there, what is being done, what went wrong, and what the server stands on.</summary>
internal static class OverviewEndpoint
{
    private const double Gigabyte = 1024 * 1024 * 1024;

    private static readonly string Version = typeof(OverviewEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static async Task<IResult> ShowAsync(
        HttpContext context, VideoDbContext db, StoredFiles files, Readiness readiness, IOptions<QuotaOptions> quotas, IAntiforgery antiforgery)
    {
        var overview = await Overview.ReadAsync(db, context.RequestAborted);
        return DashboardPage.Show("Overview", Markup.Of($"""
            <header>
            <h1>Video Understanding</h1>
            <nav aria-label="Pages"><a href="{DashboardDoor.Root}" aria-current="page">Overview</a> <a href="{DashboardDoor.Root}/jobs">Jobs</a> <a href="/docs">Interface</a></nav>
            <form method="post" action="{DashboardDoor.Root}/logout">{DashboardPage.Token(antiforgery, context)}<button type="submit">Log out</button></form>
            </header>
            <main>
            {Tasks(overview)}
            {Failures(overview)}
            {Indexes(overview)}
            {Disk(overview, files, quotas.Value)}
            {Models(readiness)}
            <p>Version {Version}</p>
            </main>
            """));
    }

    private static Markup Tasks(Overview overview) => Markup.Of($"""
        <section aria-labelledby="tasks"><h2 id="tasks">Tasks</h2>
        <table><thead><tr><th scope="col">State</th><th scope="col">Number</th></tr></thead><tbody>
        {Markup.Each(Enum.GetValues<TaskState>(), state => $"<tr><th scope=\"row\">{state}</th><td>{overview.Tasks.GetValueOrDefault(state)}</td></tr>")}
        </tbody></table></section>
        """);

    private static Markup Failures(Overview overview) => overview.Failures.Count == 0 ? new Markup("") : Markup.Of($"""
        <section aria-labelledby="failures"><h2 id="failures">The last failures</h2>
        <table><thead><tr><th scope="col">When (UTC)</th><th scope="col">Task</th><th scope="col">File</th><th scope="col">Code</th><th scope="col">Reason</th></tr></thead><tbody>
        {Markup.Each(overview.Failures, one => $"<tr><td>{Time(one.At)}</td><td>{one.TaskId}</td><td>{one.Filename}</td><td>{one.Code}</td><td>{one.Reason}</td></tr>")}
        </tbody></table></section>
        """);

    private static Markup Indexes(Overview overview) => Markup.Of($"""
        <section aria-labelledby="indexes"><h2 id="indexes">Indexes</h2>
        <p>{overview.IndexCount} in all{(overview.IndexCount > overview.Indexes.Count ? $"; the {overview.Indexes.Count} that changed last are shown" : "")}.</p>
        <table><thead><tr><th scope="col">Name</th><th scope="col">Account</th><th scope="col">Options</th><th scope="col">Videos</th><th scope="col">Hours</th></tr></thead><tbody>
        {Markup.Each(overview.Indexes, one => $"<tr><th scope=\"row\">{one.Name}</th><td>{one.Account}</td><td>{one.Options}</td><td>{one.Totals.VideoCount}</td><td>{one.Totals.TotalDuration / 3600:0.00}</td></tr>")}
        </tbody></table></section>
        """);

    private static Markup Disk(Overview overview, StoredFiles files, QuotaOptions quotas) => Markup.Of($"""
        <section aria-labelledby="disk"><h2 id="disk">Disk</h2>
        <table><tbody>
        <tr><th scope="row">Videos</th><td>{overview.StoredBytes / Gigabyte:0.00} GB{(quotas.TotalBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {quotas.TotalBytes / Gigabyte:0.00} GB") : "")}</td></tr>
        <tr><th scope="row">Free</th><td>{files.FreeBytes / Gigabyte:0.00} GB</td></tr>
        </tbody></table></section>
        """);

    private static Markup Models(Readiness readiness) => Markup.Of($"""
        <section aria-labelledby="models"><h2 id="models">Models</h2>
        {(readiness.ModelsChecked ? new Markup("") : new Markup("<p>The models are still being loaded and tried.</p>"))}
        {(readiness.VectorColumns is { } sentence ? Markup.Of($"<p class=\"error\">{sentence}</p>") : new Markup(""))}
        <table><thead><tr><th scope="col">Role</th><th scope="col">State</th><th scope="col">Found</th></tr></thead><tbody>
        {Markup.Each(readiness.Models, one => $"<tr><th scope=\"row\">{one.Name[(one.Name.IndexOf(':') + 1)..]}</th><td>{(one.Ok ? "works" : "does not work")}</td><td>{one.Detail}</td></tr>")}
        </tbody></table></section>
        """);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
