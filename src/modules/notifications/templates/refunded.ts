import { greeting, moneyText, ownNumber, type LetterTemplate } from './facts.js';

export const refunded: LetterTemplate = (facts) => {
  const { language, order } = facts;
  const amount = facts.refunded ? moneyText(facts.refunded, language) : '';
  const number = `${order.number}${ownNumber(facts)}`;
  const words = {
    en: {
      subject: `Order ${order.number}: ${amount} given back`,
      text: `for your order ${number} we have given back ${amount}. When you see it depends on your bank.`,
    },
    it: {
      subject: `Ordine ${order.number}: rimborso di ${amount}`,
      text: `per il Suo ordine ${number} abbiamo rimborsato ${amount}. La data di accredito dipende dalla Sua banca.`,
    },
  }[language];
  return { subject: words.subject, paragraphs: [greeting(facts), words.text] };
};
