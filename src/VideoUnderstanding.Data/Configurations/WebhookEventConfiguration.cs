using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class WebhookEventConfiguration : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> happened)
    {
        happened.ToTable("webhook_events");
        happened.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        happened.HasIndex(row => new { row.AccountId, row.CreatedAt });
        // No foreign key: the event outlives its task.
        happened.HasIndex(row => row.TaskId);
        happened.HasIndex(row => row.CreatedAt);
    }
}
