using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class WebhookEventConfiguration : IEntityTypeConfiguration<WebhookEvent>
{
    public void Configure(EntityTypeBuilder<WebhookEvent> webhookEvent)
    {
        webhookEvent.ToTable("webhook_events");
        webhookEvent.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        webhookEvent.HasIndex(row => new { row.AccountId, row.CreatedAt });
        // No foreign key: an event remains after its task is deleted.
        webhookEvent.HasIndex(row => row.TaskId);
        webhookEvent.HasIndex(row => row.CreatedAt);
    }
}
